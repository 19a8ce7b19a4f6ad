import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AdapterClient, AdapterFault, startAdapterProcess } from './client.js';
import type { AdapterProcessOptions } from './process.js';

/** A small adapter: says hello rightly; `onRequest` is its answer to every other request, given `request` and `say`. */
const adapter = (onRequest: string): string => `
  const say = (message) => process.stdout.write(typeof message === 'string' ? message : JSON.stringify(message) + '\\n');
  const hello = { protocol: 1, name: 'small', version: '1', operations: ['test.echo'] };
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (data) => {
    const lines = (rest + data).split('\\n');
    rest = lines.pop();
    for (const line of lines) {
      const request = JSON.parse(line);
      if (request.op === 'hello') say({ id: request.id, result: hello });
      else { ${onRequest} }
    }
  });
`;
const echo = 'say({ id: request.id, result: request.input });';

const started: AdapterClient[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((client) => client.close()));
});

describe('startAdapterProcess', () => {
  it('starts it, lets it say hello, and fills in what it left out', async () => {
    const client = await start(adapter(echo));
    expect(client.hello).toEqual({
      protocol: 1,
      name: 'small',
      version: '1',
      language: '',
      profiles: [],
      stacie: [],
      operations: ['test.echo'],
    });
  });

  it('sends many requests at once and gives each its answer, in whatever order they come', async () => {
    const client = await start(
      adapter(`
        (globalThis.held ??= []).unshift(request);
        if (held.length === 20) for (const { id, input } of held) say({ id, result: input });
      `),
    );
    const calls = Array.from({ length: 20 }, (_, number) => client.call('test.echo', { number }, { timeoutMs: 5000 }));
    expect(await Promise.all(calls)).toEqual(calls.map((_, number) => ({ kind: 'result', value: { number } })));
    expect(client.faults).toEqual([]);
  });

  it('shows both lines of a call, as they passed', async () => {
    const client = await start(adapter(echo));
    const passed: string[] = [];
    const onExchange = (direction: string, line: string): number => passed.push(`${direction} ${line}`);
    await client.call('test.echo', { text: 'ü' }, { timeoutMs: 5000, onExchange });
    expect(passed).toEqual([
      'request {"id":2,"op":"test.echo","input":{"text":"ü"}}',
      'response {"id":2,"result":{"text":"ü"}}',
    ]);
  });

  it('adds to the environment and keeps the end of standard error', async () => {
    const client = await start(
      adapter(`process.stderr.write('a'.repeat(100_000) + process.env.SECRET, () => { ${echo} });`),
      { env: { SECRET: 'from the target file' } },
    );
    await client.call('test.echo', {}, { timeoutMs: 5000 });
    await client.close();
    expect(client.stderr).toHaveLength(64 * 1024);
    expect(client.stderr).toMatch(/^a+from the target file$/);
  });

  it.each([
    ['no-json', "say('Reading the record...\\n')"],
    ['no-json', 'process.stdout.write(Buffer.from([0x22, 0xff, 0x22, 0x0a]))'],
    ['not-an-answer', 'say({ id: request.id })'],
    ['unknown-id', 'say({ id: request.id + 1, result: {} })'],
    ['bad-result', 'say({ id: request.id, result: { lines: [] } })'],
    ['silence', ''],
    ['crash', 'process.exit(3)'],
    ['crash', "process.kill(process.pid, 'SIGKILL')"],
    ['crash', 'process.stdout.end()'],
    ['too-long', "say('x'.repeat(20_000))"],
  ])('tells %s of an adapter that answers with %s', async (kind, onRequest) => {
    const client = await start(adapter(onRequest), { longestLine: 10_000 });
    const timeoutMs = kind === 'silence' ? 100 : 10_000;
    const fault = await faultOf(client.call('dmtp.reply.parse', { text: '250 OK\r\n' }, { timeoutMs }));
    expect(fault).toMatchObject({ fault: kind });
    expect(client.faults).toEqual([fault]);
  });

  it('tells a second answer, and goes on', async () => {
    const client = await start(adapter(`${echo} if (request.input.twice) { ${echo} }`));
    await client.call('test.echo', { twice: true }, { timeoutMs: 5000 });
    expect(await client.call('test.echo', { once: 1 }, { timeoutMs: 5000 })).toEqual({
      kind: 'result',
      value: { once: 1 },
    });
    expect(client.faults).toMatchObject([{ fault: 'second-answer' }]);
  });

  it('says how a crashed adapter ended, to every call that waited and to later ones', async () => {
    const client = await start(adapter('if (request.input.last) process.exit(3);'));
    const calls = [{}, {}, { last: true }].map((input) => client.call('test.echo', input, { timeoutMs: 5000 }));
    const faults = await Promise.all(calls.map(faultOf));
    expect(faults.map(({ message }) => message)).toEqual(
      Array.from({ length: 3 }, () => 'the adapter ended with status 3'),
    );
    expect(await faultOf(client.call('test.echo', {}, { timeoutMs: 5000 }))).toMatchObject({ fault: 'crash' });
    expect(client.faults).toHaveLength(1);
  });

  it('takes the answers that were written before a crash', async () => {
    const client = await start(adapter(`say(JSON.stringify({ id: request.id, result: {} })); process.exit(1);`));
    expect(await client.call('test.echo', {}, { timeoutMs: 5000 })).toEqual({ kind: 'result', value: {} });
  });

  it.each([
    ['not-started', 'the program is not there', { command: ['/no/such/adapter'] }],
    ['not-started', 'the command is empty', { command: [] }],
    ['not-started', 'the folder is not there', { command: [process.execPath], cwd: '/no/such/folder' }],
    ['crash', 'it ends at once', { command: [process.execPath, '-e', 'throw new Error("no licence")'] }],
    ['no-json', 'it writes a banner', { command: [process.execPath, '-e', 'console.log("Adapter 1.0")'] }],
    [
      'silence',
      'it says nothing',
      { command: [process.execPath, '-e', 'process.stdin.resume()'], helloTimeoutMs: 300 },
    ],
  ])('gives %s when %s', async (kind, _why, options) => {
    expect(await faultOf(startAdapterProcess({ helloTimeoutMs: 10_000, ...options }))).toMatchObject({ fault: kind });
  });

  it('shows what a program that ends at once wrote to standard error', async () => {
    const command = [process.execPath, '-e', 'console.error("no licence"); process.exit(4)'];
    const fault = await faultOf(startAdapterProcess({ command, helloTimeoutMs: 10_000 }));
    expect(fault.message).toBe('the adapter ended with status 4; its standard error: "no licence\\n"');
  });
});

describe('close', () => {
  it('ends the input, waits for open calls and for the end', async () => {
    const client = await start(adapter(`setTimeout(() => { ${echo} }, 50);`));
    const call = client.call('test.echo', { late: true }, { timeoutMs: 5000 });
    await client.close();
    expect(await call).toEqual({ kind: 'result', value: { late: true } });
    expect(client.faults).toEqual([]);
  });

  it('finds another status than 0', async () => {
    const client = await start(`${adapter(echo)} process.stdin.on('end', () => process.exit(5));`);
    await client.close();
    expect(client.faults).toMatchObject([
      { fault: 'bad-exit', message: 'at the end of its input the adapter ended with status 5, where status 0 is due' },
    ]);
  });

  it('kills an adapter that goes on, with what it started', async () => {
    // What it started holds a connection, whose end is seen here.
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = once(server, 'connection') as Promise<[Socket]>;
    const grandchild = `require('node:net').connect(${port}, '127.0.0.1')`;
    const spawning = `require('node:child_process').spawn(process.execPath, ['-e', "${grandchild}"], { stdio: 'inherit' });`;
    const client = await start(`${adapter(echo)} ${spawning}`, { graceMs: 100 });
    const [connection] = await connected;
    connection.on('error', () => undefined);
    const gone = once(connection, 'close');
    await client.close();
    await gone;
    server.close();
    expect(client.faults).toMatchObject([{ fault: 'bad-exit', message: expect.stringContaining('went on 100 ms') }]);
  });
});

async function start(script: string, options: Partial<AdapterProcessOptions> = {}): Promise<AdapterClient> {
  const command = [process.execPath, '-e', script];
  const client = await startAdapterProcess({ command, helloTimeoutMs: 10_000, ...options });
  started.push(client);
  return client;
}

/** The fault that a call or a start ends with. */
async function faultOf(work: Promise<unknown>): Promise<AdapterFault> {
  const error = await work.then(
    (value) => new Error(`no fault, but ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof AdapterFault) return error;
  throw error;
}
