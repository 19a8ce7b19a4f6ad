import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { connectAdapter, connectOperations } from './client.js';
import { OperationRefusal, type Operations } from './serve.js';

const identity = { name: 'in process', version: '1' };
const operations: Operations = {
  echo: (input) => ({ ...input }),
  refuse: () => {
    throw new OperationRefusal('no', { requirement: 'REC-024' });
  },
};

describe('connectOperations', () => {
  it('reaches operations of this process by the same messages as a child process', async () => {
    const client = await connectOperations(operations, identity);
    const passed: string[] = [];
    const onExchange = (_direction: string, line: string): number => passed.push(line);
    const options = { timeoutMs: 1000, onExchange };
    expect(client.hello).toMatchObject({ name: 'in process', protocol: 1, operations: ['echo', 'refuse'] });
    expect(await client.call('echo', { a: 1 }, options)).toEqual({ kind: 'result', value: { a: 1 } });
    expect(await client.call('refuse', {}, options)).toEqual({
      kind: 'error',
      code: 'invalid',
      message: 'no',
      requirement: 'REC-024',
    });
    expect(await client.call('sing', {}, options)).toMatchObject({ kind: 'unsupported' });
    expect(passed).toContain('{"id":2,"op":"echo","input":{"a":1}}');
    await client.close();
    expect(client.faults).toEqual([]);
  });

  it('ends calls after close', async () => {
    const client = await connectOperations(operations, identity);
    await client.close();
    await expect(client.call('echo', {}, { timeoutMs: 1000 })).rejects.toMatchObject({ fault: 'crash' });
  });

  it('refuses a request that is longer than a line may be before it is sent', async () => {
    const client = await connectOperations(operations, identity);
    const text = 'x'.repeat(16 * 1024 * 1024);
    await expect(client.call('echo', { text }, { timeoutMs: 1000 })).rejects.toThrow(RangeError);
    expect(client.faults).toEqual([]);
    await client.close();
  });
});

describe('connectAdapter', () => {
  it('fails when nobody says hello', async () => {
    const connecting = connectAdapter(new PassThrough(), new PassThrough(), { helloTimeoutMs: 20 });
    await expect(connecting).rejects.toMatchObject({ fault: 'silence', message: expect.stringContaining('(hello)') });
  });

  it.each([
    [
      'another version',
      '{"id":1,"result":{"protocol":2,"name":"a","version":"1","operations":[]}}',
      'protocol must be 1',
    ],
    ['a refusal', '{"id":1,"unsupported":{"reason":"too old"}}', 'unsupported: too old'],
    ['an error', '{"id":1,"error":{"code":"internal","message":"no disk"}}', 'error internal: no disk'],
  ])('fails when hello is answered with %s', async (_what, line, message) => {
    const output = new PassThrough();
    const connecting = connectAdapter(new PassThrough(), output);
    output.write(`${line}\n`);
    await expect(connecting).rejects.toMatchObject({ fault: 'bad-result', message: expect.stringContaining(message) });
  });

  it('tells an output that ends while the session is open, and one that stays open after it', async () => {
    const hello = '{"id":1,"result":{"protocol":1,"name":"a","version":"1","operations":[]}}\n';
    const [ending, staying] = [new PassThrough(), new PassThrough()];
    ending.write(hello);
    staying.write(hello);
    const first = await connectAdapter(new PassThrough(), ending);
    ending.end();
    await expect(first.call('a', {}, { timeoutMs: 1000 })).rejects.toMatchObject({ fault: 'crash' });
    const second = await connectAdapter(new PassThrough(), staying, { graceMs: 20 });
    await second.close();
    expect(second.faults).toMatchObject([{ fault: 'bad-exit' }]);
    await first.close();
  });

  it('sends nothing more to an adapter that does not read', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    output.write('{"id":1,"result":{"protocol":1,"name":"a","version":"1","operations":[]}}\n');
    const client = await connectAdapter(input, output, { graceMs: 0 });
    const filling = 'x'.repeat(15 * 1024 * 1024);
    const calls = Array.from({ length: 3 }, () => client.call('a', { filling }, { timeoutMs: 100 }));
    await Promise.allSettled(calls);
    await expect(client.call('a', {}, { timeoutMs: 60_000 })).rejects.toMatchObject({
      fault: 'silence',
      message: expect.stringContaining('does not read'),
    });
    await client.close();
  });
});
