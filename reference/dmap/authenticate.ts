/** AUTHENTICATE: STACIE one message a step, and PLAIN for tests (sections 3.10 and 5.4 of the DMAP digest). */
import type { AuthenticateCommand } from '../../grammar/dmap.js';
import { type Answer, bad, challenged, no, ok, passwordChecked, type Steps } from './answer.js';
import { capabilitiesOf } from './capabilities.js';
import type { Conversation } from './conversation.js';

/** Not base64, or given up by the client: BAD, and nobody is logged in (DMAP-183, DMAP-184). */
class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Gives the username that is proved, or null. @throws Interrupted */
type MechanismSteps = (conversation: Conversation, initial: Uint8Array | null) => Steps<string | null>;

const mechanisms: Readonly<Record<string, MechanismSteps>> = { STACIE: stacie, PLAIN: plain };

export function* authenticate(conversation: Conversation, { mechanism, initial }: AuthenticateCommand): Steps {
  const { store, limits } = conversation;
  const steps = Object.hasOwn(mechanisms, mechanism) ? mechanisms[mechanism] : undefined;
  if (steps === undefined || (mechanism === 'PLAIN' && !conversation.plain)) {
    return no('That mechanism is not supported.', 'CANNOT');
  }
  let username: string | null;
  try {
    username = yield* steps(conversation, initial);
  } catch (error) {
    if (error instanceof Interrupted) return bad(error.message);
    throw error;
  }
  const account = username === null ? null : store.account(username);
  if (account === null) {
    conversation.failedLogins += 1;
    yield { kind: 'pause', milliseconds: limits.authenticationDelayMs };
    return no('The authentication failed.', 'AUTHENTICATIONFAILED');
  }
  conversation.account = account;
  conversation.state = 'authenticated';
  return loggedIn(conversation);
}

/** No security layer was negotiated, so the new capabilities can be told at once (DMAP-I-33). */
function loggedIn(conversation: Conversation): Answer {
  return ok('You are logged in.', { name: 'CAPABILITY', capabilities: capabilitiesOf(conversation) });
}

/** The steps of DMAP-I-30. The authorization identity is the user name. */
function* stacie(conversation: Conversation, initial: Uint8Array | null): Steps<string | null> {
  const next = conversation.beginStacie();
  // The client speaks first: without an initial response it is asked with an empty challenge (DMAP-I-28).
  let message = initial ?? (yield* response(new Uint8Array(0)));
  for (;;) {
    const step = next(message);
    if (step.kind === 'refused') return null;
    const answer = yield* response(Buffer.from(step.text));
    if (step.kind === 'authenticated') {
      if (answer.length > 0) throw new Interrupted('After the realms an empty line is due.');
      return step.username;
    }
    message = answer;
  }
}

/** RFC 4616: authorization identity, NUL, user name, NUL, password. */
function* plain(_: Conversation, initial: Uint8Array | null): Steps<string | null> {
  const message = initial ?? (yield* response(new Uint8Array(0)));
  const parts = Buffer.from(message).toString('utf8').split('\0');
  const [asWhom = '', username = '', password = ''] = parts;
  if (parts.length !== 3 || username === '' || password === '') return null;
  if (asWhom !== '' && asWhom !== username) return null;
  return yield* passwordChecked(username, password);
}

/** The client's answer to a challenge. @throws Interrupted */
function* response(challenge: Uint8Array): Steps<Uint8Array> {
  const line = yield* challenged(challenge);
  if (line.kind === 'response') return line.octets;
  throw new Interrupted(line.kind === 'cancelled' ? 'The exchange is cancelled.' : 'That line is not base64.');
}
