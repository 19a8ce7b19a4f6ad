import { readFileSync } from 'node:fs';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { referenceIdentity, referenceOperations } from './operations.js';
import { schemaNames } from './schemas.js';
import { serveAdapter } from './serve.js';

const readme = readFileSync(new URL('./README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  it('shows what the reference answers, but for the words of messages', async () => {
    const requests = marked('→');
    const output = new PassThrough();
    const written = text(output);
    const input = Readable.from(requests.map((line) => Buffer.from(`${line}\n`)));
    await serveAdapter(input, output, referenceOperations, { ...referenceIdentity, version: '0.1.0' });
    const answers = (await written).trimEnd().split('\n');
    expect(requests.length).toBeGreaterThan(0);
    expect(answers.map(withoutMessage)).toEqual(marked('←').map(withoutMessage));
  });

  it('lists every operation that has schemas, and every fault', () => {
    const operations = schemaNames
      .filter((name) => name.endsWith('.input'))
      .map((name) => name.slice(0, -'.input'.length));
    for (const operation of operations) expect(readme).toContain(`\`${operation}\``);
    const kinds = readFileSync(new URL('./fault.ts', import.meta.url), 'utf8').matchAll(/^ {2}\| '([a-z-]+)'/gm);
    const faults = [...kinds].map(([, kind]) => kind);
    expect(faults).toHaveLength(10);
    for (const fault of faults) expect(readme).toMatch(new RegExp(`^\\| \`${fault}\` +\\|`, 'm'));
  });
});

/** The lines of the transcript behind a mark. */
function marked(mark: string): string[] {
  return readme
    .split('\n')
    .filter((line) => line.startsWith(`    ${mark} `))
    .map((line) => line.slice(6));
}

function withoutMessage(line: string): unknown {
  return JSON.parse(line, (name, value: unknown) => (name === 'message' ? 'a message' : value));
}
