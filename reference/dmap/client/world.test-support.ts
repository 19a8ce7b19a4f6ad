/** What the client meets in tests: the reference server with mail in it, and a server that says what a test tells it. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { createMemoryMailStore } from '../../account/memory-mail-store.js';
import { createMemoryStacieStore, sampleAccounts, sampleKeys, sampleSignets } from '../../account/store.js';
import { StacieClientMemory } from '../../stacie/client.js';
import { type SampleStacieAccounts, sampleStacieAccounts } from '../../stacie/sample-accounts.js';
import { createStacieSession } from '../../stacie/session.js';
import { type Certificate, makeCertificate } from '../../tls/certificate.js';
import { type DmapEndpoint, type DmapEndpointOptions, startDmap } from '../endpoint.js';
import type { DmapClientLimits } from './client-limits.js';
import { DmapClient, type DmapClientOptions } from './dmap-client.js';

export const domain = 'dime.example';
export const [alice = '', bob = ''] = sampleAccounts(domain);

export interface World {
  readonly certificate: Certificate;
  readonly stacie: SampleStacieAccounts;
  password(username: string): string;
  /** The reference's server, with sample mail. */
  start(options?: Partial<DmapEndpointOptions>): Promise<DmapEndpoint>;
  script(answer: Script, greeting?: string): Promise<ScriptedServer>;
  connect(to: { readonly port: number }, options?: Partial<DmapClientOptions>): Promise<DmapClient>;
  /** Ends all that was begun. */
  close(): Promise<void>;
}

/** What is sent for a line, which has no line end; null closes the connection. */
export type Script = (line: string, tag: string) => string | null;

export interface ScriptedServer {
  readonly port: number;
  /** All that the client said, in lines. */
  readonly lines: string[];
  /** Sends something unasked on all connections. */
  say(text: string): void;
  readonly serverNames: (string | false | null)[];
}

const quick: Partial<DmapClientLimits> = { connectMs: 3_000, handshakeMs: 3_000, silenceMs: 1_500, goodbyeMs: 200 };

export async function makeWorld(): Promise<World> {
  const certificate = await makeCertificate({ names: ['dmap.example'], now: new Date(), days: 1 });
  const tls = { key: certificate.privateKeyPem, cert: certificate.pem };
  const keys = sampleKeys(domain, randomBytes);
  const house = { domain, signets: sampleSignets(domain, randomBytes, keys).identifiable, keys };
  const stacie = await sampleStacieAccounts([alice, bob], 0, randomBytes);
  const closing: (() => unknown)[] = [];
  return {
    certificate,
    stacie,
    password: (username) => stacie.credentials.find((each) => each.username === username)?.password ?? '',
    start: async (options) => {
      const session = createStacieSession({
        revision: '03',
        store: createMemoryStacieStore({ accounts: stacie.accounts }),
        random: randomBytes,
        now: () => performance.now(),
        siteSecret: randomBytes(32),
        policy: { domain, bonus: 0 },
      });
      const endpoint = await startDmap({
        accounts: [
          { name: alice, mode: 'TRUSTFUL' },
          { name: bob, mode: 'TRUSTFUL' },
        ],
        store: createMemoryMailStore(),
        stacie: session,
        house,
        samples: true,
        tls,
        host: '127.0.0.1',
        port: 0,
        random: randomBytes,
        sessionLimits: { authenticationDelayMs: 1 },
        ...options,
      });
      closing.push(() => endpoint.close(0));
      return endpoint;
    },
    script: async (answer, greeting = '* PREAUTH [CAPABILITY DMAP=TRUSTFUL UIDPLUS] hello\r\n') => {
      const streams = new Set<TLSSocket>();
      const scripted: ScriptedServer = {
        lines: [],
        serverNames: [],
        get port() {
          return (server.address() as AddressInfo).port;
        },
        say: (text) => {
          for (const stream of streams) stream.write(Buffer.from(text, 'latin1'));
        },
      };
      const server = createServer(tls, (stream) => {
        streams.add(stream);
        scripted.serverNames.push((stream as TLSSocket & { servername: string | false | null }).servername);
        stream.on('error', () => undefined);
        stream.once('close', () => streams.delete(stream));
        stream.write(Buffer.from(greeting, 'latin1'));
        converse(stream, answer, scripted.lines);
      });
      server.on('tlsClientError', () => undefined);
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      closing.push(() => {
        for (const stream of streams) stream.destroy();
        server.close();
      });
      return scripted;
    },
    connect: async ({ port }, options) => {
      const client = await DmapClient.open({
        host: '127.0.0.1',
        port,
        serverName: 'dmap.example',
        trust: { pem: certificate.pem },
        memory: new StacieClientMemory(),
        loginLimits: { paceMs: 1 },
        ...options,
        limits: { ...quick, ...options?.limits },
      });
      closing.unshift(() => client.destroy());
      return client;
    },
    close: async () => {
      for (const end of closing.splice(0)) await end();
    },
  };
}

/** Accounts are let in without a login. */
export const preauth: Partial<DmapEndpointOptions> = {
  hooks: { sessionOptions: (right) => ({ ...right, greeting: { kind: 'preauth', username: alice } }) },
};

function converse(stream: TLSSocket, answer: Script, lines: string[]): void {
  let held = '';
  stream.on('data', (octets: Buffer) => {
    held += octets.toString('latin1');
    for (let end = held.indexOf('\r\n'); end !== -1; end = held.indexOf('\r\n')) {
      const line = held.slice(0, end);
      held = held.slice(end + 2);
      lines.push(line);
      const tag = line.split(' ', 1)[0] ?? '';
      const logout = `* BYE .\r\n${tag} OK .\r\n`;
      const reply = / LOGOUT$/.test(line) ? logout : answer(line, tag);
      if (reply === null) stream.destroy();
      else stream.write(Buffer.from(reply, 'latin1'));
    }
  });
}
