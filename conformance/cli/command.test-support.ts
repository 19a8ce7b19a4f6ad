/** Runs one command of the command line in this process, and gathers what it prints. */
import type { Command } from 'commander';
import { vi } from 'vitest';

export interface Acted {
  readonly status: number;
  readonly stdout: string;
}

/** @throws what the command throws: Misuse and the like, which `main.ts` makes one line of */
export async function act(
  make: (finish: (status: number) => void) => Command,
  words: readonly string[],
): Promise<Acted> {
  let status = -1;
  const pieces: Buffer[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((content) => {
    pieces.push(Buffer.from(content as string));
    return true;
  });
  try {
    const command = make((result) => {
      status = result;
    });
    for (const each of [command, ...command.commands])
      each.exitOverride().configureOutput({ writeErr: () => undefined });
    await command.parseAsync(words, { from: 'user' });
  } finally {
    write.mockRestore();
  }
  return { status, stdout: Buffer.concat(pieces).toString('latin1') };
}
