/** One call of dmap.run with the suite as its server: what the server says, what came over the wire, and how it ended. */
import type { CaseContext } from '../../runner/context.js';
import type { ServerCertificate } from '../../target/hostile-certificate.js';
import { type HostileDmap, startHostileDmap } from '../../target/hostile-dmap.js';
import type { DmapPeer } from '../../target/hostile-dmap-peer.js';
import { isObject, type Members } from '../stacie-server/messages.js';
import { type Heard, nextCommand, type OfferRule } from './heard.js';
import { type Login, type LoginRules, rightLogin, serveLogin } from './right-login.js';
import { type Box, boxOf, World } from './world.js';

/** How long a client may take for its steps. */
const runMs = 15_000;
/** For the connection to end once the client has answered. */
const endMs = 1_000;

export type Step = { readonly do: string } & Members;

/** What goes out for a command: whole lines without their ends; null when the rule has said everything itself. */
export type AnswerRule = (
  heard: Heard,
  right: readonly string[],
  at: { readonly peer: DmapPeer; readonly world: World; readonly index: number },
) => readonly string[] | null | Promise<readonly string[] | null>;

/** What the server does; whatever is not said is right. */
export interface Play {
  readonly steps: readonly Step[];
  /** With its line end. */
  readonly greeting: string;
  readonly capabilities: readonly string[];
  readonly boxes: () => Readonly<Record<string, Box>>;
  readonly answer: AnswerRule;
  readonly offer: OfferRule;
  readonly login: Login;
  readonly loginRules: Partial<LoginRules>;
  readonly certificate: ServerCertificate | null;
  /** Whether the client is told to believe the certificate. */
  readonly trusted: boolean;
  /** In place of the whole conversation. */
  readonly serve: ((peer: DmapPeer) => Promise<void>) | null;
  readonly clear: boolean;
}

export interface Outcome {
  /** What the client says of each step; none when it says that it could not begin. */
  readonly steps: readonly Members[];
  readonly error: string | null;
  /** In their order. */
  readonly commands: readonly Heard[];
  /** Lines inside AUTHENTICATE, without their ends. */
  readonly sasl: readonly string[];
  /** What came and was no whole command. */
  readonly rest: string;
  /** Null when there was no connection with TLS (or, where the server speaks clear text, none). */
  readonly peer: DmapPeer | null;
  readonly server: HostileDmap;
  readonly world: World;
}

const capabilities = ['DMAP=TRUSTFUL', 'AUTH=STACIE'] as const;

export const capabilityLine = `* CAPABILITY ${capabilities.join(' ')}`;

export const login: Login = { username: 'ann@example.tld', password: 'a long password takes few rounds' };

const rightPlay: Omit<Play, 'steps'> = {
  greeting: `* PREAUTH [CAPABILITY ${capabilities.join(' ')}] Good day.\r\n`,
  capabilities,
  boxes: () => ({ INBOX: boxOf([1, 2, 3]) }),
  answer: (_, right) => right,
  offer: ({ nonSync }, peer) => {
    if (!nonSync) peer.say('+ Go on.\r\n');
    return true;
  },
  login,
  loginRules: {},
  certificate: null,
  trusted: true,
  serve: null,
  clear: false,
};

/** Greets so that a login is needed. */
export const askingForLogin = (names: readonly string[] = capabilities): Pick<Play, 'greeting'> => ({
  greeting: `* OK [CAPABILITY ${names.join(' ')}] Good day.\r\n`,
});

/** With these capabilities, told in the greeting too. */
export const announcing = (...names: readonly string[]): Pick<Play, 'greeting' | 'capabilities'> => ({
  greeting: `* PREAUTH [CAPABILITY ${names.join(' ')}] Good day.\r\n`,
  capabilities: names,
});

export async function play(context: CaseContext, changes: Partial<Play> & Pick<Play, 'steps'>): Promise<Outcome> {
  const script: Play = { ...rightPlay, ...changes };
  const world = new World(script.boxes(), script.capabilities);
  const commands: Heard[] = [];
  const sasl: string[] = [];
  const serve = script.serve ?? ((peer: DmapPeer) => serveRightly(peer, script, world, commands, sasl));
  const server = context.keep(
    await startHostileDmap({
      serve,
      clear: script.clear,
      ...(script.certificate === null ? {} : { certificate: script.certificate }),
      onEvent: (number, event, text) => context.transcript.add(event, number, text),
    }),
  );
  const input = {
    endpoint: { ...server.endpoint },
    ...(script.trusted ? { trust: server.certificate } : {}),
    steps: script.steps,
  };
  const call = await context.call('dmap.run', input, runMs);
  const peer = server.peers[0] ?? null;
  if (peer !== null) await within(endMs, peer.over);
  const value: Members = call.kind === 'result' ? call.value : {};
  return {
    steps: Array.isArray(value.steps) ? value.steps.filter(isObject) : [],
    error: call.kind === 'result' ? null : `${call.code}: ${call.message}`,
    commands,
    sasl,
    rest: peer?.unread ?? '',
    peer,
    server,
    world,
  };
}

async function serveRightly(
  peer: DmapPeer,
  script: Play,
  world: World,
  commands: Heard[],
  sasl: string[],
): Promise<void> {
  peer.say(script.greeting);
  if (/^\* BYE/i.test(script.greeting)) {
    peer.end();
    return;
  }
  for (;;) {
    const heard = await nextCommand(peer, script.offer);
    if (heard === null) return;
    const index = commands.push(heard) - 1;
    if (heard.refused) continue;
    let right = world.answer(heard);
    if (heard.name === 'AUTHENTICATE') {
      const completion = await serveLogin(peer, heard, script.login, { ...rightLogin, ...script.loginRules }, sasl);
      if (completion === null) return;
      right = [`${heard.tag} ${completion}`];
    }
    const said = await script.answer(heard, right, { peer, world, index });
    if (said !== null) peer.say(said.map((line) => `${line}\r\n`).join(''));
    if (heard.name === 'LOGOUT') {
      peer.end();
      return;
    }
  }
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([
    done,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    }),
  ]);
  clearTimeout(timer);
}
