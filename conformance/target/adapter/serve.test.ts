import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { BrokenRequest, OperationRefusal, type Operations, OperationUnsupported, serveAdapter } from './serve.js';

const identity = { name: 'example', version: '2', language: 'C', profiles: ['dime-2015'], stacie: ['00'] };

const operations: Operations = {
  'record.parse': (input) => ({ seen: input.text }),
  refuse: () => {
    throw new OperationRefusal('a wrong field', { requirement: 'REC-015', offset: 7 });
  },
  decline: () => {
    throw new OperationUnsupported('not for this profile');
  },
  break: () => {
    throw new TypeError('x is not a function');
  },
};

describe('serveAdapter', () => {
  it('says hello as its identity and operations are', async () => {
    expect(await serve({ id: 1, op: 'hello', input: { protocol: 1, suite: '0.1.0' } })).toEqual([
      { id: 1, result: { protocol: 1, ...identity, operations: ['record.parse', 'refuse', 'decline', 'break'] } },
    ]);
  });

  it('answers what comes behind an operation that takes its time', async () => {
    let release = (): void => undefined;
    const waited: Operations = {
      wait: async () => {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
        return { waited: true };
      },
      refuse: async () => {
        throw new OperationRefusal('after a while');
      },
      release: () => {
        release();
        return { first: true };
      },
    };
    const answers = await serveWith(
      waited,
      { id: 1, op: 'wait', input: {} },
      { id: 2, op: 'refuse', input: {} },
      { id: 3, op: 'release', input: {} },
    );
    expect(answers[0]).toEqual({ id: 2, error: { code: 'invalid', message: 'after a while' } });
    expect(answers.slice(1)).toEqual(
      expect.arrayContaining([
        { id: 1, result: { waited: true } },
        { id: 3, result: { first: true } },
      ]),
    );
  });

  it('does not speak another version of the protocol', async () => {
    expect(await serve({ id: 1, op: 'hello', input: { protocol: 2, suite: '9' } })).toEqual([
      { id: 1, unsupported: { reason: 'protocol 2; this adapter speaks 1' } },
    ]);
  });

  it.each([
    ['a result', 'record.parse', { text: 'ü', more: 1 }, { result: { seen: 'ü' } }],
    [
      'a refusal',
      'refuse',
      {},
      { error: { code: 'invalid', message: 'a wrong field', requirement: 'REC-015', offset: 7 } },
    ],
    ['what is not done', 'decline', {}, { unsupported: { reason: 'not for this profile' } }],
    ['a failure', 'break', {}, { error: { code: 'internal', message: 'TypeError: x is not a function' } }],
    ['an unknown operation', 'record.sing', {}, { unsupported: { reason: 'no operation "record.sing"' } }],
    ['a name of every object', 'constructor', {}, { unsupported: { reason: 'no operation "constructor"' } }],
    [
      'an input without its member',
      'record.parse',
      { txt: '' },
      { error: { code: 'invalid', message: 'the input of record.parse is wrong: member text is missing' } },
    ],
    [
      'a member of another type',
      'record.parse',
      { text: 5 },
      { error: { code: 'invalid', message: 'the input of record.parse is wrong: member text must be string' } },
    ],
  ])('answers %s', async (_what, op, input, answer) => {
    expect(await serve({ id: 7, op, input })).toEqual([{ id: 7, ...answer }]);
  });

  it('refuses a request without its members, and goes on', async () => {
    expect(await serve({ id: 1, op: 'refuse' }, { id: 2, op: 'nothing', input: {} })).toEqual([
      { id: 1, error: { code: 'invalid', message: 'the request is wrong: member input is missing' } },
      { id: 2, unsupported: { reason: 'no operation "nothing"' } },
    ]);
  });

  it.each([
    ['no JSON', '{"id":', 'request line 1 is no JSON: "{\\"id\\":"'],
    ['no id', '{"op":"hello","input":{}}', 'request line 1 has no id that is an integer'],
    ['an id that is no integer', '{"id":1.5,"op":"hello","input":{}}', 'request line 1 has no id that is an integer'],
    ['no object', 'null', 'request line 1 has no id that is an integer'],
  ])('cannot answer a line with %s', async (_what, line, message) => {
    const output = new PassThrough();
    const serving = serveAdapter(Readable.from([Buffer.from(`${line}\n`)]), output, operations, identity);
    await expect(serving).rejects.toThrow(BrokenRequest);
    await expect(serving).rejects.toThrow(message);
  });

  it('gives an internal error in place of an answer that is longer than a line may be', async () => {
    const huge = { huge: () => ({ data: 'x'.repeat(16 * 1024 * 1024) }) };
    const [response] = await serveWith(huge, { id: 1, op: 'huge', input: {} });
    expect(response).toEqual({
      id: 1,
      error: { code: 'internal', message: expect.stringMatching(/^the answer has 167772\d\d octets/) },
    });
  });

  it('reads no further while nobody takes its answers, and fails when the output does', async () => {
    const output = new PassThrough({ highWaterMark: 16 });
    let carriedOut = 0;
    const counted = {
      count: () => {
        carriedOut += 1;
        return {};
      },
    };
    const requests = Array.from({ length: 50 }, (_, id) => `${JSON.stringify({ id, op: 'count', input: {} })}\n`);
    const serving = serveAdapter(Readable.from([Buffer.from(requests.join(''))]), output, counted, identity);
    const failed = expect(serving).rejects.toThrow('nobody reads');
    await new Promise((resolve) => setImmediate(resolve));
    expect(carriedOut).toBeLessThan(5);
    output.destroy(new Error('nobody reads'));
    await failed;
  });
});

async function serve(...requests: unknown[]): Promise<unknown[]> {
  return await serveWith(operations, ...requests);
}

async function serveWith(all: Operations, ...requests: unknown[]): Promise<unknown[]> {
  const input = Readable.from(requests.map((request) => Buffer.from(`${JSON.stringify(request)}\n`)));
  const output = new PassThrough();
  const written = text(output);
  await serveAdapter(input, output, all, identity);
  return (await written)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
