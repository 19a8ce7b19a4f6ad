import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkAdapter } from './check.js';
import { type AdapterAnswer, type AdapterClient, connectOperations, startAdapterProcess } from './client.js';
import { referenceIdentity, referenceOperations } from './operations.js';
import { type Operation, OperationRefusal, type Operations, OperationUnsupported } from './serve.js';

const rightSteps = [
  'hello names the adapter and its operations',
  'an invented operation is unsupported',
  'claimed operations are carried out',
  'several requests at once are each answered under their own id',
  'unknown members of an input are ignored',
  'an input without its members is refused as invalid',
  'texts that are not ASCII pass as UTF-8',
  'a line of 16 MiB is read',
  'at the end of its input it ends with status 0',
  'every line that it wrote was the answer to a request',
];

describe('checkAdapter', () => {
  it('finds the reference right, behind a pipe of its own', async () => {
    const module = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      import { serveAdapter } from ${module('./serve.ts')};
      import { referenceIdentity, referenceOperations } from ${module('./operations.ts')};
      await serveAdapter(process.stdin, process.stdout, referenceOperations, referenceIdentity);
    `;
    const command = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
    const client = await startAdapterProcess({ command, helloTimeoutMs: 20_000 });
    const steps = await checkAdapter(client);
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(steps.map(({ name }) => name)).toEqual(rightSteps);
    expect(steps[2]?.detail).toMatch(/^\d+ tried(, \d+ that this check has no input for)?$/);
  });

  it('takes an adapter that does one dialect alone', async () => {
    const positional = bent('dmtp.command.parse', (inner) => (input) => {
      if (input.dialect !== 'positional') throw new OperationRefusal('the dialect is unknown');
      return inner(input);
    });
    expect(await wrongSteps(positional)).toEqual(['claimed operations are carried out']);
    const honest = bent('dmtp.command.parse', (inner) => (input) => {
      if (input.dialect === 'named') throw new OperationUnsupported('only the positional dialect');
      return inner(input);
    });
    expect(await wrongSteps(honest)).toEqual([]);
  });

  it.each<[string, Operations, string]>([
    ['names no operation', {}, 'hello names the adapter and its operations'],
    [
      'carries out what does not exist',
      { ...referenceOperations, 'suite.invented': () => ({}) },
      'an invented operation is unsupported',
    ],
    [
      'claims what it does not do',
      {
        ...referenceOperations,
        'record.parse': () => {
          throw new OperationUnsupported('not yet');
        },
      },
      'claimed operations are carried out',
    ],
    [
      'gives every request the same answer',
      { 'dmtp.reply.parse': () => ({ code: 250, lines: ['OK 1'] }) },
      'several requests at once are each answered under their own id',
    ],
    [
      'refuses members that it does not know',
      bent('record.parse', (inner) => (input) => {
        if ('x-suite-unknown' in input) throw new OperationRefusal('an unknown member');
        return inner(input);
      }),
      'unknown members of an input are ignored',
    ],
    ['takes an empty input', { 'own.operation': () => ({}) }, 'an input without its members is refused as invalid'],
    [
      'spoils texts',
      bent('dmtp.reply.parse', (inner) => (input) => inner({ text: String(input.text).replace(/[^ -~\r\n]/g, '?') })),
      'texts that are not ASCII pass as UTF-8',
    ],
  ])('finds an adapter that %s', async (_what, operations, step) => {
    expect(await wrongSteps(operations)).toContain(step);
  });

  it('finds an adapter that reads no long lines, and one that does not end rightly', async () => {
    const script = `
      let rest = '';
      process.stdin.setEncoding('utf8').on('data', (data) => {
        if ((rest + data).length > 65536) process.exit(9);
        const lines = (rest + data).split('\\n');
        rest = lines.pop();
        for (const { id, op } of lines.map((line) => JSON.parse(line))) {
          const hello = { protocol: 1, name: 'small', version: '1', operations: ['a'] };
          const answer = op === 'hello' ? { result: hello }
            : op === 'a' ? { error: { code: 'invalid', message: 'no' } }
            : { unsupported: { reason: 'no' } };
          process.stdout.write(JSON.stringify({ id, ...answer }) + '\\n');
        }
      });
    `;
    const command = [process.execPath, '-e', script];
    const steps = await checkAdapter(await startAdapterProcess({ command, helloTimeoutMs: 10_000 }));
    expect(steps.filter(({ ok }) => !ok)).toEqual([
      { name: 'a line of 16 MiB is read', ok: false, detail: 'the adapter ended with status 9' },
      { name: 'at the end of its input it ends with status 0', ok: false, detail: 'the adapter ended with status 9' },
      {
        name: 'every line that it wrote was the answer to a request',
        ok: false,
        detail: 'crash: the adapter ended with status 9',
      },
    ]);
  });
});

const python = spawnSync('python3', ['--version']).status === 0;

describe('example.py', () => {
  if (!python) console.warn('SKIPPED: python3 is not installed, so that example.py is not tried');

  it.skipIf(!python)('is a right adapter', async () => {
    const client = await startExample();
    expect((await checkAdapter(client)).filter(({ ok }) => !ok)).toEqual([]);
  });

  it.skipIf(!python)('says of replies what the reference says', async () => {
    const client = await startExample();
    const reference = await connectOperations(referenceOperations, referenceIdentity);
    const texts = [
      '250 OK\r\n',
      '220-a\r\n220 ü\n',
      '250-a\r\n251 b\r\n',
      '250 a\r\nb',
      '25',
      '',
      '950 a\r\n',
      '250_a\r\n',
    ];
    for (const text of texts) {
      const [ours, theirs] = await Promise.all(
        [client, reference].map((adapter) => adapter.call('dmtp.reply.parse', { text }, { timeoutMs: 10_000 })),
      );
      expect(outcome(ours), JSON.stringify(text)).toEqual(outcome(theirs));
    }
    await Promise.all([client.close(), reference.close()]);
  });
});

async function startExample(): Promise<AdapterClient> {
  const example = fileURLToPath(new URL('./example.py', import.meta.url));
  return await startAdapterProcess({ command: ['python3', example], helloTimeoutMs: 20_000 });
}

/** The result, or that it was refused. */
function outcome(answer: AdapterAnswer | undefined): unknown {
  return answer?.kind === 'result' ? answer.value : answer?.kind;
}

/** The reference with one operation bent. */
function bent(name: string, bend: (inner: Operation) => Operation): Operations {
  const inner = referenceOperations[name];
  if (inner === undefined) throw new Error(`the reference has no operation ${name}`);
  return { ...referenceOperations, [name]: bend(inner) };
}

async function wrongSteps(operations: Operations): Promise<string[]> {
  const steps = await checkAdapter(await connectOperations(operations, { name: 'bent', version: '1' }));
  return steps.filter(({ ok }) => !ok).map(({ name }) => name);
}
