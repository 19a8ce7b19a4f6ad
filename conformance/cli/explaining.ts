/** What `dime-conformance explain` does. */
import { type Actor, actors, type Identity, identityOf } from '../../reference/formats/message/index.js';
import { explain } from '../explain/explain.js';
import type { Wishes } from '../explain/explanation.js';
import { readRecordText, recordText } from '../explain/record-text.js';
import { explanationJson, renderExplanation } from '../explain/render.js';
import { readInput, standardInput } from './artifact-files.js';
import { asMisuse, readKeys, readSignet } from './artifact-objects.js';
import type { ExplainFlags } from './by-hand-flags.js';
import { exitStatus, Misuse } from './misuse.js';
import { terminalOf } from './terminal.js';

/** Gives the exit status. */
export async function explainFile(file: string, flags: ExplainFlags): Promise<number> {
  const wishes = await wishesOf(file, flags);
  const explanation = explain(await readInput(file, 'file'), wishes);
  const text =
    flags.json === true
      ? explanationJson(explanation)
      : renderExplanation(explanation, terminalOf(process.stdout, process.env));
  process.stdout.write(text);
  return explanation.valid ? exitStatus.passed : exitStatus.failed;
}

async function wishesOf(file: string, flags: ExplainFlags): Promise<Wishes> {
  const { as, profile, organization, previous, record, keys, actor, party, secrets } = flags;
  if ([file, organization, previous, record, keys].filter((name) => name === standardInput).length > 1) {
    throw new Misuse('only one file can be standard input');
  }
  if ((keys === undefined) !== (actor === undefined)) throw new Misuse('--keys and --actor go together');
  return {
    ...(as === undefined ? {} : { as }),
    ...(profile === undefined ? {} : { profile }),
    ...(secrets === undefined ? {} : { secrets }),
    ...(organization === undefined ? {} : { organization: await readSignet(organization, '--organization') }),
    ...(previous === undefined ? {} : { previous: await readSignet(previous, '--previous') }),
    ...(record === undefined ? {} : { primaryKeys: await readPrimaryKeys(record) }),
    ...(keys === undefined || actor === undefined ? {} : { reader: { actor, keys: await readKeys(keys, '--keys') } }),
    identities: await readParties(party),
  };
}

/** The primary keys in a file with the text of a management record. @throws Misuse */
export async function readPrimaryKeys(file: string): Promise<readonly Uint8Array[]> {
  const text = recordText(await readInput(file, '--record'));
  return asMisuse(`--record ${file}`, () => readRecordText(text)).primary;
}

async function readParties(parties: readonly string[]): Promise<{ [actor in Actor]?: Identity }> {
  const identities: { [actor in Actor]?: Identity } = {};
  for (const party of parties) {
    const equals = party.indexOf('=');
    const actor = actors.find((each) => each === party.slice(0, Math.max(0, equals)));
    if (actor === undefined) throw new Misuse(`--party ${party}: not one of ${actors.join(', ')}, "=" and a file`);
    const signet = await readSignet(party.slice(equals + 1), '--party');
    identities[actor] = asMisuse(`--party ${party}`, () => identityOf(actor, signet));
  }
  return identities;
}
