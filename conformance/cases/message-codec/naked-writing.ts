/** Naked messages of `prime` that the peer made, opened by the suite: section 12 of the messages digest. */
import { primeLength, type ReadPayload, readPayload } from '../../model/message-ciphers.js';
import { nakedCommon } from '../../model/message-naked.js';
import {
  ephemeralSigningKey,
  isStandard,
  openerOf,
  plainOf,
  signatureHolds,
  slotIn,
} from '../../model/message-opener.js';
import { type SplitMessage, slotOf, splitMessage } from '../../model/message-tables.js';
import { type Octets, verifies } from '../../model/signet-builder.js';
import type { CaseContext } from '../../runner/context.js';
import { type Case, defineCase } from '../case.js';
import { encrypts, type Facts } from './case-kinds.js';
import { askEncryptNaked, messageIn } from './message-calls.js';
import { type Mail, mails, parties } from './message-inputs.js';

interface WrittenNaked {
  readonly message: SplitMessage;
  readonly payloads: readonly (ReadPayload & { readonly type: number })[];
  readonly holds: (type: number) => boolean | null;
}

/** Opens a naked message that the peer made. @throws an error saying why it cannot be opened */
function open(octets: Octets): WrittenNaked {
  const { recipient, destination } = parties('prime');
  const message = splitMessage('prime', octets);
  const opener = openerOf('prime', message, 'recipient', recipient.identity.encryption.scalar);
  const payloads = message.chunks.filter(isStandard).map((chunk) => {
    const slot = slotIn('prime', chunk, opener);
    if (slot === null) throw new RangeError(`the recipient has no slot in chunk ${chunk.type}`);
    return { type: chunk.type, ...readPayload(plainOf('prime', chunk, slot)) };
  });
  const user = ephemeralSigningKey(message) ?? new Uint8Array(0);
  return {
    message,
    payloads,
    holds: (type) =>
      signatureHolds('prime', message, type, opener, type === 255 ? destination.identity.signing.publicKey : user),
  };
}

type Look = (
  must: (holds: boolean, expected: string, found: string) => void,
  written: WrittenNaked,
  mail: Mail,
) => void;

function writing({ id, title, decides }: Facts, look: Look): Case {
  return defineCase({
    ...encrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => mails,
    check: async (mail, context) => {
      look(
        (holds, expected, found) => context.require(decides, holds, expected, found),
        await write(context, decides, mail),
        mail,
      );
    },
  });
}

async function write(context: CaseContext, requirement: string, mail: Mail): Promise<WrittenNaked> {
  const octets = messageIn(context, requirement, await askEncryptNaked(context, mail));
  let trouble = '';
  try {
    return open(octets);
  } catch (error) {
    trouble = error instanceof Error ? error.message : String(error);
  }
  context.require(requirement, false, 'a naked message that can be cut into chunks and opened', trouble);
  throw new Error(trouble);
}

export const cases: readonly Case[] = [
  writing(
    {
      id: 'naked/cipher',
      title: 'Chunks are encrypted with AES-256-GCM under a masked tag and vector.',
      decides: 'MSG-084',
    },
    (must, { payloads }) => must(payloads.length >= 3, 'three chunks or more that open', String(payloads.length)),
  ),
  writing(
    {
      id: 'naked/slots',
      title: 'A slot is the key of the chunk, masked by the shared coordinate.',
      decides: 'MSG-085',
    },
    (must, { holds }) => must(holds(255) === true, 'a destination signature that opens with the slot', 'it does not'),
  ),
  writing(
    { id: 'naked/empty-slots', title: 'Slots of author and origin are zeros.', decides: 'MSG-086' },
    (must, { message }) => {
      for (const chunk of message.chunks) {
        for (const actor of ['author', 'origin'] as const) {
          const slot = slotOf('prime', chunk, actor);
          const zeros = slot === null || slot.every((octet) => octet === 0);
          must(
            zeros,
            `a slot of zeros for the ${actor} in chunk ${chunk.type}`,
            Buffer.from(slot ?? []).toString('hex'),
          );
        }
      }
    },
  ),
  writing(
    {
      id: 'naked/padding',
      title: 'Payloads are padded to 16 octets, and to 256 at least, with octets that are their number.',
      decides: 'MSG-087',
    },
    (must, { payloads }) => {
      for (const { type, data, padding, octet } of payloads) {
        const count = primeLength(data.length);
        const right = padding.length === count && octet === count && padding.every((each) => each === count);
        must(right, `${count} octets ${count} of padding in chunk ${type}`, Buffer.from(padding).toString('hex'));
      }
    },
  ),
  writing(
    {
      id: 'naked/signature-chunks',
      title: 'Signatures stand masked by the hash of the chunk key, without a length.',
      decides: 'MSG-091',
    },
    (must, { holds }) => {
      for (const type of [224, 225, 255]) must(holds(type) === true, `signature ${type} to hold`, String(holds(type)));
    },
  ),
  writing(
    {
      id: 'naked/common-headers',
      title: 'The common headers are the known ones of the mail, unfolded, in their order, with LF.',
      decides: 'MSG-093',
    },
    (must, { payloads }) => {
      const text = (type: number): string =>
        payloads
          .filter((payload) => payload.type === type)
          .map(({ data }) => Buffer.from(data).toString('latin1'))
          .join('');
      const wanted = nakedCommon(text(33));
      must(text(32) === wanted, JSON.stringify(wanted), JSON.stringify(text(32)));
    },
  ),
  writing(
    { id: 'naked/user-signature', title: 'Plaintexts are signed with the ephemeral key.', decides: 'MSG-083' },
    (must, { message, payloads }) => {
      const key = ephemeralSigningKey(message);
      must(key !== null, 'an ephemeral signing key', 'none');
      for (const { type, signed, signature } of payloads) {
        const right = key !== null && verifies(key, signed, signature);
        must(right, `the plaintext of chunk ${type} signed with the ephemeral key`, 'it is not');
      }
    },
  ),
];
