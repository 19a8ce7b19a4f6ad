/** The adapter's side of the protocol: operations behind an input and an output stream. */
import type { Readable, Writable } from 'node:stream';
import { quote } from './fault.js';
import { type LineEvent, LineReader } from './lines.js';
import {
  type AdapterHello,
  type AdapterRequest,
  type AdapterResponse,
  longestLine,
  protocolVersion,
} from './messages.js';
import { shapeError } from './schemas.js';

/**
 * Carries out one operation on an input that has the shape which its schema asks for; at once, or with a promise when it
 * has to wait for something.
 *
 * @throws OperationRefusal when the input is wrong, OperationUnsupported when this is not done; anything else is reported
 *   as an internal error
 */
export type Operation = (
  input: Readonly<Record<string, unknown>>,
) => Record<string, unknown> | Promise<Record<string, unknown>>;

/** One that waits for nothing. */
export type ImmediateOperation = (input: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** By name. `hello` is answered without being listed. */
export type Operations = Readonly<Record<string, Operation>>;

/** What the adapter says of itself, beside its operations. */
export type AdapterIdentity = Pick<AdapterHello, 'name' | 'version'> &
  Partial<Pick<AdapterHello, 'language' | 'profiles' | 'stacie'>>;

/** The input is wrong, and a right implementation refuses it. */
export class OperationRefusal extends Error {
  override readonly name = 'OperationRefusal';
  /** The requirement that the input breaks, where it can be told. */
  readonly requirement: string | undefined;
  /** Where in the input, in octets. */
  readonly offset: number | undefined;

  constructor(
    message: string,
    where: { readonly requirement?: string | undefined; readonly offset?: number | undefined } = {},
  ) {
    super(message);
    this.requirement = where.requirement;
    this.offset = where.offset;
  }
}

/** This implementation does not do that, or not for this profile. */
export class OperationUnsupported extends Error {
  override readonly name = 'OperationUnsupported';
}

/** What came is no request, so that no answer to it is possible. */
export class BrokenRequest extends Error {
  override readonly name = 'BrokenRequest';
}

/**
 * Answers requests until the input ends; then it ends the output. What answers at once is answered in the order of the
 * requests; an operation that waits for something does not hold up those behind it.
 *
 * @throws BrokenRequest for a line that is no request with an id; nothing is read after it. Errors of the streams.
 */
export async function serveAdapter(
  input: Readable,
  output: Writable,
  operations: Operations,
  identity: AdapterIdentity,
): Promise<void> {
  const lines = new LineReader();
  const all = withHello(operations, identity);
  let lineNumber = 0;
  const writer = new LineWriter(output);
  const underWay = new Set<Promise<void>>();
  let written = Promise.resolve();
  let unwritten = 0;
  const send = async (response: AdapterResponse): Promise<void> => {
    unwritten += 1;
    written = written.then(async () => await writer.write(`${encode(response)}\n`));
    await written;
    unwritten -= 1;
  };
  const answerAll = async (events: readonly LineEvent[]): Promise<void> => {
    for (const event of events) {
      lineNumber += 1;
      const answered: Promise<void> = answer(all, readRequest(event, lineNumber)).then(send);
      underWay.add(answered);
      // A failed stream is told here or at the end; until then it must not count as unheard.
      answered.then(() => underWay.delete(answered)).catch(() => undefined);
      // What answers at once does so before the next request begins.
      await Promise.race([answered, nextTurn()]);
      if (unwritten >= mostUnwritten) await written;
      if (underWay.size >= mostAtOnce) await Promise.race(underWay);
    }
  };
  try {
    for await (const chunk of input) await answerAll(lines.receive(chunk as Uint8Array));
    await answerAll(lines.end());
  } finally {
    await Promise.all(underWay);
  }
  await writer.end();
}

/** Requests that may wait at once, and answers that nobody has taken yet; what comes beyond them is not read. */
const mostAtOnce = 64;
const mostUnwritten = 3;

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function withHello(operations: Operations, identity: AdapterIdentity): Operations {
  const { name, version, language = '', profiles = [], stacie = [] } = identity;
  const hello: Operation = ({ protocol }) => {
    if (protocol !== protocolVersion) {
      throw new OperationUnsupported(`protocol ${String(protocol)}; this adapter speaks ${protocolVersion}`);
    }
    return {
      protocol: protocolVersion,
      name,
      version,
      language,
      profiles,
      stacie,
      operations: Object.keys(operations),
    };
  };
  return { ...operations, hello };
}

/** A request whose id is known; the rest may still be wrong. */
type NumberedRequest = Pick<AdapterRequest, 'id'> & Readonly<Record<string, unknown>>;

function readRequest(event: LineEvent, lineNumber: number): NumberedRequest {
  if (event.kind === 'too-long') {
    throw new BrokenRequest(`request line ${lineNumber} is longer than ${longestLine} octets`);
  }
  if (event.kind === 'not-utf8')
    throw new BrokenRequest(`request line ${lineNumber} is no UTF-8: ${quote(event.shown)}`);
  let request: unknown;
  try {
    request = JSON.parse(event.text);
  } catch {
    throw new BrokenRequest(`request line ${lineNumber} is no JSON: ${quote(event.text)}`);
  }
  if (!isNumbered(request)) {
    throw new BrokenRequest(`request line ${lineNumber} has no id that is an integer: ${quote(event.text)}`);
  }
  return request;
}

function isNumbered(request: unknown): request is NumberedRequest {
  return typeof request === 'object' && request !== null && 'id' in request && Number.isInteger(request.id);
}

async function answer(operations: Operations, request: NumberedRequest): Promise<AdapterResponse> {
  const { id } = request;
  const wrong = shapeError('request', request);
  if (wrong !== null) return { id, error: { code: 'invalid', message: `the request is wrong: ${wrong}` } };
  const { op, input } = request as NumberedRequest & AdapterRequest;
  const operation = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (operation === undefined) return { id, unsupported: { reason: `no operation ${quote(op)}` } };
  const misshapen = shapeError(`${op}.input`, input);
  if (misshapen !== null)
    return { id, error: { code: 'invalid', message: `the input of ${op} is wrong: ${misshapen}` } };
  try {
    return { id, result: await operation(input) };
  } catch (error) {
    return { id, ...failure(error) };
  }
}

function failure(error: unknown): Pick<AdapterResponse, 'error' | 'unsupported'> {
  if (error instanceof OperationUnsupported) return { unsupported: { reason: error.message } };
  if (error instanceof OperationRefusal) {
    const { message, requirement, offset } = error;
    return {
      error: {
        code: 'invalid',
        message,
        ...(requirement === undefined ? {} : { requirement }),
        ...(offset === undefined ? {} : { offset }),
      },
    };
  }
  return {
    error: { code: 'internal', message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) },
  };
}

/** Writes a response; one that is longer than a line may be becomes an internal error. */
function encode(response: AdapterResponse): string {
  const line = JSON.stringify(response);
  const octets = Buffer.byteLength(line);
  if (octets <= longestLine) return line;
  const message = `the answer has ${octets} octets; a line may have ${longestLine}`;
  return JSON.stringify({ id: response.id, error: { code: 'internal', message } } satisfies AdapterResponse);
}

/** Writes lines no faster than the output takes them. */
class LineWriter {
  #failure: Error | null = null;
  #wake: (error: Error) => void = () => undefined;

  constructor(private readonly output: Writable) {
    output.on('error', (error) => this.#fail(error));
    output.on('close', () => this.#fail(new Error('the output was closed before every answer was written')));
  }

  /** @throws what the output fails with */
  async write(line: string): Promise<void> {
    await this.#written((taken) => {
      if (this.output.write(line, taken)) taken();
    });
  }

  /** Ends the output and waits until all is handed over. @throws what the output fails with */
  async end(): Promise<void> {
    await this.#written((taken) => this.output.end(taken));
  }

  /** A stream that is destroyed may forget the callback of a write, so its end is listened for as well. */
  async #written(write: (taken: () => void) => void): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    await new Promise<void>((resolve, reject) => {
      this.#wake = reject;
      write(() => {
        if (this.#failure === null) resolve();
        else reject(this.#failure);
      });
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake(this.#failure);
  }
}
