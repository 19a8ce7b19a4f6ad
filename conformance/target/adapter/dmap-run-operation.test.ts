/** dmap.run against the reference's server, and against one that says what a test tells it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainMessage } from '../../model/dmap-message.js';
import { openEmbedded } from '../embedded.js';
import { makeServerCertificate, type ServerCertificate } from '../hostile-certificate.js';
import type { Target } from '../target.js';
import { dmapRunOperations } from './dmap-run-operation.js';
import { shapeError } from './schemas.js';

const run = dmapRunOperations['dmap.run'];

type Step = Readonly<Record<string, unknown>>;

const message = Buffer.from(plainMessage.octets).toString('base64url');

describe('dmap.run, on the reference server', () => {
  let target: Target;
  beforeAll(async () => {
    target = await openEmbedded({ version: '0.0.0' });
  });
  afterAll(async () => {
    await target.close();
  });

  /** The results of steps after a login; input and result have the shape of the schemas. */
  async function ran(...steps: readonly Step[]): Promise<Step[]> {
    const { dmap, stacie: [{ trust } = { trust: 'system' }] = [] } = target.profile;
    const [account] = dmap?.accounts ?? [];
    if (dmap === undefined || account === undefined || typeof trust !== 'object') throw new Error('no DMAP here');
    const login = { do: 'authenticate', username: account.username, password: account.password() };
    const endpoint = { host: dmap.host, port: dmap.port, serverName: dmap.name };
    const input = { endpoint, trust: trust.authorities, steps: [login, ...steps] };
    expect(shapeError('dmap.run.input', input)).toBeNull();
    const result = await run(input);
    expect(shapeError('dmap.run.result', result)).toBeNull();
    const [first, ...rest] = result.steps as Step[];
    expect(first).toMatchObject({
      status: 'ok',
      authenticated: true,
      keys: [{ realm: 'mail' }],
      state: 'authenticated',
    });
    return rest;
  }

  it('does whatever a client may want', async () => {
    const results = await ran(
      { do: 'capability' },
      { do: 'create', mailbox: 'Work/Ünder' },
      { do: 'subscribe', mailbox: 'Work/Ünder' },
      { do: 'append', mailbox: 'Work/Ünder', message, flags: ['\\Seen'], date: 1_700_000_000 },
      { do: 'list', pattern: 'Work*', selection: ['SUBSCRIBED'], return: ['STATUS (MESSAGES UNSEEN)'] },
      { do: 'status', mailbox: 'Work/Ünder', items: ['MESSAGES', 'HIGHESTMODSEQ'] },
      { do: 'select', mailbox: 'Work/Ünder' },
      { do: 'fetch', set: '1:*', items: ['UID', 'SIZE', 'INTERNALDATE', 'BODY.PEEK[67.1]<0.4>'] },
      { do: 'store', set: '1', uid: true, mode: 'add', flags: ['\\Flagged', '$Mine'] },
      { do: 'store', set: '1', meta: 'c2VhbGVk', silent: true },
      { do: 'search', keys: 'SEEN LARGER 10', uid: true },
      { do: 'copy', set: '1', mailbox: 'Work/Other', create: true },
      { do: 'store', set: '1', mode: 'add', flags: ['\\Deleted'], silent: true },
      { do: 'expunge', set: '1' },
      { do: 'close' },
      { do: 'rename', from: 'Work/Other', to: 'Work/Renamed' },
      { do: 'unsubscribe', mailbox: 'Work/Ünder' },
      { do: 'delete', mailbox: 'Work/Ünder' },
      { do: 'noop' },
      { do: 'logout' },
    );
    expect(results.map(({ do: name, status }) => `${name} ${status}`)).toEqual(
      results.map(({ do: name }) => `${name} ok`),
    );
    const of = (name: string): Step => results.find((result) => result.do === name) ?? {};
    expect(of('capability').capabilities).toContain('DMAP=TRUSTFUL');
    expect(of('append')).toMatchObject({ uids: [{ first: 1, last: 1 }], uidValidity: expect.any(Number) });
    expect(of('list').mailboxes).toMatchObject([
      {
        mailbox: 'Work/Ünder',
        delimiter: '/',
        status: [
          { name: 'MESSAGES', value: '1' },
          { name: 'UNSEEN', value: '0' },
        ],
      },
    ]);
    expect(of('status').values).toMatchObject([{ name: 'MESSAGES', value: '1' }, { name: 'HIGHESTMODSEQ' }]);
    expect(of('select')).toMatchObject({
      state: 'selected',
      mailbox: { name: 'Work/Ünder', exists: 1, readOnly: false },
    });
    const [fetched] = of('fetch').messages as { readonly items: readonly Step[] }[];
    expect(fetched?.items).toMatchObject([
      { item: 'UID', uid: 1 },
      { item: 'INTERNALDATE', date: { year: 2023, month: 11, day: 14, zone: '+0000' } },
      { item: 'SIZE', size: plainMessage.octets.length },
      { item: 'BODY', section: { type: 67, index: 1 }, start: 0, value: expect.stringMatching(/^.{6}$/) },
    ]);
    expect(of('search')).toMatchObject({ numbers: [1] });
    expect(of('expunge').mailbox).toMatchObject({ exists: 0 });
    expect(of('close')).toMatchObject({ state: 'authenticated' });
    expect(of('close')).not.toHaveProperty('mailbox');
  });

  it('keeps keys, one of each id, and takes no signet that is none', async () => {
    const results = await ran(
      { do: 'addkey', keyId: 'k1', public: 'AAAA', private: '_w' },
      { do: 'addkey', keyId: 'k1', public: 'AQ' },
      { do: 'addkey', keyId: 'k1', public: 'AQ', replace: true },
      { do: 'listkeys' },
      { do: 'getkey', keyId: 'k1' },
      { do: 'deletekey', keyId: 'k1' },
      { do: 'getkey', keyId: 'k1', part: 'PUBLIC' },
      { do: 'addsignet', address: 'ann@nowhere.example', signet: 'AAAA' },
      { do: 'getsignet', address: 'ann@nowhere.example' },
      { do: 'deletesignet', address: 'ann@nowhere.example' },
      { do: 'listsignets', pattern: '*@nowhere.example' },
    );
    expect(results.map(({ status }) => status).join(' ')).toBe('ok refused ok ok ok ok no no no no ok');
    expect(results[1]).toMatchObject({ requirement: 'DMAP-280' });
    expect(results[3]?.keyRing).toContainEqual({ keyId: 'k1', parts: null });
    const parts = [
      { part: 'PUBLIC', value: 'AQ' },
      { part: 'PRIVATE', value: null },
    ];
    expect(results[4]?.keyRing).toEqual([{ keyId: 'k1', parts }]);
    expect(results[6]).toMatchObject({ code: { name: 'OTHER', word: 'NONEXISTENT' } });
    expect(results[10]).toMatchObject({ signets: [] });
  });

  it('brings a cache up to date, which the next visit takes', async () => {
    const actions = [
      { id: 'a', kind: 'append', message, flags: ['\\Draft'] },
      { id: 'b', kind: 'flags', uid: 1, add: ['\\Flagged'] },
    ];
    const [first] = await ran({
      do: 'synchronize',
      mailbox: 'INBOX',
      want: [null, { type: 67, index: 1 }],
      meta: true,
      actions,
    });
    expect(first).toMatchObject({ status: 'ok', complete: true, failure: null, reset: 'no-cache' });
    expect(first?.actions).toMatchObject([
      { id: 'a', state: 'done' },
      { id: 'b', state: 'done' },
    ]);
    const cache = first?.cache as { readonly messages: readonly { readonly uid: number; readonly parts: Step[] }[] };
    expect(cache.messages.at(-1)?.parts).toContainEqual({ section: null, octets: message });

    const again = { do: 'synchronize', mailbox: 'INBOX', want: [null], cache, actions };
    const [second, view] = await ran(again, { do: 'view' });
    expect(second).toMatchObject({ complete: true, reset: null, added: [], changed: [], gone: [] });
    expect(second?.actions).toMatchObject([{ state: 'already' }, { state: 'already' }]);
    expect(view).toMatchObject({ status: 'ok', mailbox: { name: 'INBOX' } });
  });

  it('refuses what a client does not do, and goes on', async () => {
    const results = await ran(
      { do: 'fetch', set: '1', items: ['FLAGS'] },
      { do: 'append', mailbox: 'INBOX', message: 'AAAA' },
      { do: 'select', mailbox: 'INBOX' },
      { do: 'status', mailbox: 'inbox', items: ['MESSAGES'] },
      { do: 'fetch', set: '1 FLAGS\r\nx LOGOUT', items: ['FLAGS'] },
      { do: 'fetch', set: '1', items: ['BODY[HEADER]'] },
      { do: 'search', keys: 'FROM {3}\r\n' },
      { do: 'raw', line: 'NOOP' },
      { do: 'raw', line: 'XNONE a' },
      { do: 'submit', number: 1, decide: false },
    );
    expect(results.map(({ status, requirement }) => [status, requirement])).toEqual([
      ['refused', 'DMAP-099'],
      ['refused', 'DMAP-262'],
      ['ok', undefined],
      ['refused', 'DMAP-257'],
      ['refused', undefined],
      ['refused', undefined],
      ['refused', undefined],
      ['refused', undefined],
      ['bad', undefined],
      ['refused', 'DMAP-357'],
    ]);
  });
});

describe('dmap.run, on a server that is told what to say', () => {
  let certificate: ServerCertificate;
  const servers: Server[] = [];
  beforeAll(async () => {
    certificate = await makeServerCertificate(['localhost', '127.0.0.1']);
  });
  afterAll(() => {
    for (const server of servers) server.close();
  });

  /** Null closes the connection. */
  async function serving(
    greeting: string,
    answer: (line: string, tag: string) => string | null,
  ): Promise<{ readonly endpoint: Step; readonly trust: string; readonly lines: string[] }> {
    const lines: string[] = [];
    const server = createServer(certificate, (stream: TLSSocket) => {
      stream.on('error', () => undefined);
      stream.write(greeting);
      stream.on('data', (octets: Buffer) => {
        for (const line of octets.toString('latin1').trimEnd().split('\r\n')) {
          lines.push(line);
          const said = answer(line, line.split(' ', 1)[0] ?? '');
          if (said === null) stream.destroy();
          else stream.write(said);
        }
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    servers.push(server);
    return {
      endpoint: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
      trust: certificate.cert,
      lines,
    };
  }

  it('shows what came unasked', async () => {
    const answer = (line: string, tag: string): string =>
      line.includes('SELECT')
        ? `* 2 EXISTS\r\n${tag} OK .\r\n`
        : `* 1 EXPUNGE\r\n* OK [ALERT] hear\r\n* NO low\r\n* WHAT\r\n${tag} OK .\r\n`;
    const { endpoint, trust, lines } = await serving('* PREAUTH [CAPABILITY DMAP] .\r\n', answer);
    const { steps } = await run({ endpoint, trust, steps: [{ do: 'select', mailbox: 'a' }, { do: 'noop' }] });
    expect(steps).toMatchObject([
      { status: 'ok', mailbox: { exists: 2, uidValidity: null, permanentFlags: null } },
      { status: 'ok', alerts: ['hear'], warnings: ['low'], ignored: 1, mailbox: { exists: 1 } },
    ]);
    // A client ends with LOGOUT, told to or not (DMAP-107).
    expect(lines).toEqual(['c1 SELECT a', 'c2 NOOP', 'c3 LOGOUT']);
  });

  it('tells which step the connection ended with', async () => {
    const { endpoint, trust } = await serving('* PREAUTH .\r\n', () => null);
    const { steps } = await run({ endpoint, trust, steps: [{ do: 'noop' }, { do: 'noop' }] });
    expect(steps).toMatchObject([
      { status: 'failed', reason: expect.stringContaining('the connection ended'), state: 'logout' },
      { status: 'skipped' },
    ]);
  });

  it.each<[string, string, (input: Step) => Step, object]>([
    ['greets with BYE', '* BYE go away\r\n', (input) => input, { message: 'DMAP: the server said BYE: "go away"' }],
    ['speaks another protocol', '220 DMTPv1\r\n', (input) => input, { requirement: 'DMAP-012' }],
    ['is nobody known', '', ({ trust: _, ...input }) => input, { message: expect.stringContaining('is not trusted') }],
    [
      'has another name',
      '',
      (input) => ({ ...input, endpoint: { ...(input.endpoint as object), serverName: 'a.example' } }),
      { message: expect.stringContaining('ALTNAME') },
    ],
  ])('refuses one that %s', async (_, greeting, change, expected) => {
    const { endpoint, trust, lines } = await serving(greeting, () => null);
    await expect(async () => await run(change({ endpoint, trust, steps: [] }))).rejects.toMatchObject({
      name: 'OperationRefusal',
      ...expected,
    });
    expect(lines).toEqual([]);
  });
});

it.each([
  [{ do: 'dance' }, 'member steps.0.do must be one of'],
  [{ do: 'select' }, 'member steps.0.mailbox is missing'],
  [{ do: 'store', set: '1' }, 'exactly one of flags, meta must be there'],
  [
    { do: 'synchronize', mailbox: 'a', actions: [{ id: '1', kind: 'move', uid: 1 }] },
    'member steps.0.actions.0.to is missing',
  ],
])('the schema refuses the step %j', (step, message) => {
  const input = { endpoint: { host: 'h', port: 1 }, steps: [step] };
  expect(shapeError('dmap.run.input', input)).toContain(message);
});
