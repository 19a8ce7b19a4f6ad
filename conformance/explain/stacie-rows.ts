/** A STACIE message, member by member. */
import { GrammarError } from '../../grammar/parse.js';
import { type JsonNode, parseStacieText } from '../../grammar/stacie.js';
import {
  parseStacieAnswer,
  parseStacieRequest,
  type StacieMessageError,
  type StacieRevision,
} from '../../reference/formats/stacie/messages/index.js';
import { type Explanation, isFormatError, Sheet, type Wishes } from './explanation.js';
import { count, quoted } from './shown.js';

/** Members whose values open mailboxes, or prove that one may. */
const secretMembers = new Set(['shard', 'key', 'password-key', 'token', 'verification-token']);

/** @param input the JSON text; a line end at the end of the file is white space like any other */
export function explainStacie(input: Uint8Array, wishes: Wishes): Explanation {
  const sheet = new Sheet();
  let name = '';
  try {
    const node = parseStacieText(input);
    if (node.kind === 'object') name = node.members[0]?.name ?? '';
    memberRows(node, '', wishes.secrets !== true, sheet);
  } catch (error) {
    if (!(error instanceof GrammarError)) throw error;
  }
  const revisions = judge(input, sheet);
  if (revisions.length > 0) sheet.row('revisions', revisions.join(', '));
  const title = revisions.length === 0 ? 'STACIE message' : `STACIE message, ${name}`;
  return sheet.done({ kind: 'stacie', title, profile: null, octets: input.length });
}

/** The revisions that have this message; what is wrong is what the latest of them says that knows its name. */
function judge(input: Uint8Array, sheet: Sheet): StacieRevision[] {
  const fitting: StacieRevision[] = [];
  let told: StacieMessageError | null = null;
  for (const revision of ['03', '00'] as const) {
    for (const read of [parseStacieRequest, parseStacieAnswer]) {
      try {
        read(revision, input);
        fitting.push(revision);
      } catch (error) {
        if (!isFormatError(error)) throw error;
        // "Another message" (STACIE-I-64 alone) is what the other direction says; a closer look says more.
        const refusal = error as StacieMessageError;
        if (told === null || (told.what === 'another message' && refusal.what !== 'another message')) told = refusal;
      }
    }
  }
  if (fitting.length === 0 && told !== null) {
    sheet.wrong(told.message, told.requirement ?? told.interpretation ?? null, told.offset);
  }
  return fitting;
}

/** @param hiding the values of secret members, and what is inside them */
function memberRows(node: JsonNode, pointer: string, hiding: boolean, sheet: Sheet, isSecret = false): void {
  const place = { offset: node.offset };
  switch (node.kind) {
    case 'object':
      if (pointer !== '') sheet.row(pointer, `object, ${count(node.members.length, 'member')}`, place);
      for (const { name, value } of node.members) {
        const inner = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 200)}`;
        memberRows(value, inner, hiding, sheet, isSecret || (hiding && secretMembers.has(name)));
      }
      return;
    case 'array':
      sheet.row(pointer, `array, ${count(node.items.length, 'item')}`, place);
      for (const [at, item] of node.items.entries()) memberRows(item, `${pointer}/${at}`, hiding, sheet, isSecret);
      return;
    case 'string':
      sheet.row(pointer, isSecret ? `${count(node.value.length, 'character')}, hidden` : quoted(node.value), place);
      return;
    case 'number':
      sheet.row(pointer, isSecret ? 'a number, hidden' : node.text, place);
      return;
    case 'literal':
      sheet.row(pointer, String(node.value), place);
  }
}
