/** Whether an adapter speaks the protocol, whatever it says about DIME. The command line prints it as `adapter check`. */
import { type AdapterAnswer, type AdapterClient, AdapterFault } from './client.js';
import { quote } from './fault.js';
import { longestLine, protocolVersion } from './messages.js';
import { type Probe, probes } from './probes.js';

export interface AdapterCheckStep {
  /** True of a right adapter. */
  readonly name: string;
  readonly ok: boolean;
  /** What came. */
  readonly detail: string;
}

export type AdapterCheck = readonly AdapterCheckStep[];

export interface AdapterCheckOptions {
  /** How long one answer may take, in milliseconds. */
  readonly timeoutMs?: number;
}

/** No adapter has it. */
const inventedOperation = 'suite.invented';
const severalRequests = 8;
/** Room for what stands round the filling of the longest request. */
const aroundFilling = 256;
const mostListed = 5;

/** What the steps share. */
interface Checking {
  readonly client: AdapterClient;
  readonly ask: Ask;
  /** The probes that the adapter carried out rightly, found by the step about claims. */
  working: readonly Probe[];
}

/** Gives what came, and throws NotRight when that is wrong. */
type Step = (checking: Checking) => Promise<string>;
type Ask = (operation: string, input: Record<string, unknown>) => Promise<AdapterAnswer>;

class NotRight extends Error {
  override readonly name = 'NotRight';
}

const steps: readonly (readonly [string, Step])[] = [
  ['hello names the adapter and its operations', checkHello],
  ['an invented operation is unsupported', checkInvented],
  ['claimed operations are carried out', checkClaims],
  ['several requests at once are each answered under their own id', checkSeveral],
  ['unknown members of an input are ignored', checkUnknownMembers],
  ['an input without its members is refused as invalid', checkBadInput],
  ['texts that are not ASCII pass as UTF-8', checkUtf8],
  ['a line of 16 MiB is read', checkLongLine],
];

/**
 * Tries the protocol on an adapter that was just started, and closes it: its end is the last thing that is looked at.
 * Never throws for what the adapter does.
 */
export async function checkAdapter(
  client: AdapterClient,
  { timeoutMs = 10_000 }: AdapterCheckOptions = {},
): Promise<AdapterCheck> {
  const ask: Ask = (operation, input) => client.call(operation, input, { timeoutMs });
  const checking: Checking = { client, ask, working: [] };
  const done: AdapterCheckStep[] = [];
  for (const [name, step] of steps) {
    try {
      done.push({ name, ok: true, detail: await step(checking) });
    } catch (error) {
      if (!(error instanceof NotRight || error instanceof AdapterFault)) throw error;
      done.push({ name, ok: false, detail: error.message });
    }
  }
  const before = [...client.faults];
  done.push(await checkEnd(client));
  done.push({
    name: 'every line that it wrote was the answer to a request',
    ok: before.length === 0,
    detail: before.length === 0 ? 'no fault' : listed(before),
  });
  return done;
}

function listed(faults: readonly AdapterFault[]): string {
  const first = faults.slice(0, mostListed).map(({ fault, message }) => `${fault}: ${message}`);
  return [...first, ...(faults.length > mostListed ? [`and ${faults.length - mostListed} more`] : [])].join('; ');
}

async function checkEnd(client: AdapterClient): Promise<AdapterCheckStep> {
  const before = client.faults.length;
  await client.close();
  const name = 'at the end of its input it ends with status 0';
  const crashed = client.faults.slice(0, before).find(({ fault }) => fault === 'crash');
  const fault = crashed ?? client.faults[before];
  return { name, ok: fault === undefined, detail: fault === undefined ? 'it did' : fault.message };
}

async function checkHello({ client: { hello } }: Checking): Promise<string> {
  const { protocol, name, version, operations } = hello;
  if (operations.length === 0) throw new NotRight('hello names no operation, so there is nothing to test');
  const repeated = operations.find((operation, index) => operations.indexOf(operation) !== index);
  if (repeated !== undefined) throw new NotRight(`hello names the operation ${quote(repeated)} twice`);
  if (operations.includes(inventedOperation))
    throw new NotRight(`hello names ${inventedOperation}, which does not exist`);
  return `${quote(name)} ${quote(version)}, protocol ${protocol}, ${operations.length} operations`;
}

async function checkInvented({ ask }: Checking): Promise<string> {
  const answer = await ask(inventedOperation, {});
  if (answer.kind !== 'unsupported') throw new NotRight(`${inventedOperation} was answered with ${show(answer)}`);
  return show(answer);
}

async function checkClaims(checking: Checking): Promise<string> {
  const { client, ask } = checking;
  const { operations } = client.hello;
  const working: Probe[] = [];
  const tried = new Set<string>();
  for (const probe of probes.filter(({ operation }) => operations.includes(operation))) {
    tried.add(probe.operation);
    const answer = await ask(probe.operation, probe.input(1));
    if (answer.kind === 'error') throw new NotRight(`${probe.operation} was answered with ${show(answer)}`);
    // Another dialect may be supported: then its probe works.
    if (answer.kind === 'unsupported') continue;
    if (!probe.right(answer.value, 1)) throw new NotRight(`${probe.operation} of a plain input gave ${show(answer)}`);
    working.push(probe);
  }
  checking.working = working;
  const never = [...tried].find((operation) => working.every((probe) => probe.operation !== operation));
  if (never !== undefined)
    throw new NotRight(`hello names ${never}, and every try of it was answered with unsupported`);
  const others = operations.length - tried.size;
  return `${tried.size} tried${others === 0 ? '' : `, ${others} that this check has no input for`}`;
}

async function checkSeveral({ ask, working: [probe] }: Checking): Promise<string> {
  const numbers = Array.from({ length: severalRequests }, (_, index) => index + 1);
  const answers = await settled(
    numbers.map((number) =>
      probe === undefined ? ask(inventedOperation, { number }) : ask(probe.operation, probe.input(number)),
    ),
  );
  const wrong = answers.findIndex((answer, index) => {
    if (probe === undefined) return answer.kind !== 'unsupported';
    return answer.kind !== 'result' || !probe.right(answer.value, numbers[index] ?? 0);
  });
  const answer = answers[wrong];
  if (answer !== undefined) {
    throw new NotRight(`request ${wrong + 1} of ${severalRequests} sent at once got ${show(answer)}`);
  }
  return `${severalRequests} requests for ${probe?.operation ?? inventedOperation}`;
}

async function checkUnknownMembers({ ask, working }: Checking): Promise<string> {
  const unknown = { 'x-suite-unknown': { nested: [true, null] } };
  const hello = await ask('hello', { protocol: protocolVersion, suite: 'check', ...unknown });
  if (hello.kind !== 'result') throw new NotRight(`hello with a member more was answered with ${show(hello)}`);
  for (const { operation, input, right } of working) {
    const answer = await ask(operation, { ...input(2), ...unknown });
    if (answer.kind !== 'result' || !right(answer.value, 2)) {
      throw new NotRight(`${operation} with a member more was answered with ${show(answer)}`);
    }
  }
  return ['hello', ...new Set(working.map(({ operation }) => operation))].join(', ');
}

async function checkBadInput({ client, ask }: Checking): Promise<string> {
  const operations = client.hello.operations.filter((operation) => operation !== 'hello');
  for (const operation of operations) {
    const answer = await ask(operation, {});
    if (answer.kind !== 'error' || answer.code !== 'invalid') {
      throw new NotRight(`${operation} with an empty input was answered with ${show(answer)}`);
    }
  }
  return `an empty input to ${operations.length} operations`;
}

async function checkUtf8({ client, ask }: Checking): Promise<string> {
  const text = 'grüße, 世界, 🌍';
  const answer = await ask(`${inventedOperation} ${text}`, { text });
  if (answer.kind !== 'unsupported') throw new NotRight(`an invented operation was answered with ${show(answer)}`);
  if (!client.hello.operations.includes('dmtp.reply.parse')) {
    return 'read; no claimed operation gives a text back to compare';
  }
  const reply = await ask('dmtp.reply.parse', { text: `250 ${text}\r\n` });
  const [line] = reply.kind === 'result' ? (reply.value.lines as string[]) : [];
  if (line !== text) throw new NotRight(`${quote(text)} in a reply came back in ${show(reply)}`);
  return `${quote(text)} came back from dmtp.reply.parse`;
}

async function checkLongLine({ ask }: Checking): Promise<string> {
  const filling = 'x'.repeat(longestLine - aroundFilling);
  const answer = await ask(inventedOperation, { filling });
  if (answer.kind !== 'unsupported') {
    throw new NotRight(`a request with ${filling.length} octets of filling was answered with ${show(answer)}`);
  }
  return `a request with ${filling.length} octets of filling`;
}

/** All answers, or the first fault once every call has ended. */
async function settled(calls: readonly Promise<AdapterAnswer>[]): Promise<AdapterAnswer[]> {
  await Promise.allSettled(calls);
  return await Promise.all(calls);
}

function show(answer: AdapterAnswer): string {
  switch (answer.kind) {
    case 'result':
      return `result ${quote(JSON.stringify(answer.value))}`;
    case 'error':
      return `error ${answer.code}: ${quote(answer.message)}`;
    case 'unsupported':
      return `unsupported: ${quote(answer.reason)}`;
  }
}
