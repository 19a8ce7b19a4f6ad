/** Encrypted messages: the writing and opening of 1 MiB against what it cannot do without, and the memory of a long one. */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPublicKey,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import {
  actors,
  decryptMessage,
  encryptMessage,
  parseMessage,
  privateKeyOf,
  serializeMessage,
  signAsOrigin,
} from '../../reference/formats/message/index.js';
import type { Figure } from './figures.js';
import { correspondence } from './messages-codec-letter.js';
import type { MemoryReport } from './messages-codec-process.js';
import { compare, type Effort, inProcess } from './rounds.js';
import { nextMessage, startProcess } from './servers.js';

const mebi = 1024 * 1024;

export interface MessageEffort {
  /** Of the message whose memory is measured, 100 MiB unless given; a quarter of it is the other side. */
  readonly messageOctets?: number;
}

/** MiB a second of processor time; memory in processes of their own. */
export async function messageCodec({
  rounds,
  sliceMs,
  messageOctets = 100 * mebi,
}: Effort & MessageEffort): Promise<Figure[]> {
  const { input, keys } = correspondence();
  const data = randomBytes(mebi);
  const letter = { ...input, display: [{ data }] };
  const sent = serializeMessage(
    signAsOrigin(encryptMessage(letter), {
      signingSeed: keys.origin.signingPrivate,
      encryptionPrivate: keys.origin.encryptionPrivate,
      identities: input,
    }),
  );
  const open = (): number => {
    const { display = [] } = decryptMessage(parseMessage('dime-2015', sent), {
      actor: 'recipient',
      encryptionPrivate: keys.recipient.encryptionPrivate,
      identities: input,
    });
    if (display[0]?.data.length !== mebi) throw new Error('the message of the benchmark was not opened');
    return 1;
  };
  const key = randomBytes(32);
  const vector = randomBytes(16);
  const ciphertext = encrypt(key, vector, data);
  const seed = privateKeyOf(keys.author.signingPrivate);
  const publicKey = createPublicKey(seed);
  const signature = sign(null, ciphertext, seed);
  const write = inProcess(() => serializeMessage(encryptMessage(letter)).length && 1);
  const opening = inProcess(open);
  return [
    ...(await compare(
      [
        {
          name: 'write a message of 1 MiB : AES-256-CBC',
          unit: 'MiB/s',
          goal: { of: 'ratio', bound: 'at least', value: 0.5 },
          ours: write,
          other: inProcess(() => encrypt(key, vector, data).length && 1),
          remark: 'the format hashes every octet five times, in two Ed25519 signatures and the tree; see the next line',
        },
        {
          name: 'write a message of 1 MiB : AES, signatures, key agreement',
          unit: 'MiB/s',
          goal: null,
          ours: write,
          other: inProcess(() => {
            const ephemeral = createECDH('secp256k1');
            ephemeral.generateKeys();
            for (const actor of actors) ephemeral.computeSecret(keys[actor].encryptionPublic);
            sign(null, data, seed);
            const octets = encrypt(key, vector, data);
            createHash('sha512').update(octets).digest();
            return sign(null, octets, seed).length && 1;
          }),
          remark:
            'what no writer can do without: agreement with four, and one cipher, two signatures and one hash over 1 MiB',
        },
        {
          name: 'open a message of 1 MiB : AES, signatures, key agreement',
          unit: 'MiB/s',
          goal: null,
          ours: opening,
          other: inProcess(() => {
            const ephemeral = createECDH('secp256k1');
            ephemeral.setPrivateKey(keys.recipient.encryptionPrivate);
            ephemeral.computeSecret(keys.author.encryptionPublic);
            // The tree, both full signatures, and the one inside.
            createHash('sha512').update(ciphertext).digest();
            for (let times = 0; times < 3; times++) verify(null, ciphertext, publicKey, signature);
            return decrypt(key, vector, ciphertext).length && 1;
          }),
        },
      ],
      rounds,
      sliceMs,
    )),
    await memoryFigure(messageOctets),
  ];
}

function encrypt(key: Uint8Array, vector: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-cbc', key, vector);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

function decrypt(key: Uint8Array, vector: Uint8Array, data: Uint8Array): Buffer {
  const cipher = createDecipheriv('aes-256-cbc', key, vector);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(data), cipher.final()]);
}

/** What grows with the message would show: the other side is a message of a quarter of the size. */
async function memoryFigure(octets: number): Promise<Figure> {
  const whole = await grownBy(octets);
  const quarter = await grownBy(Math.ceil(octets / 4));
  return {
    name: `memory: a message of ${Math.round(octets / mebi)} MiB : of a quarter`,
    unit: 'MiB',
    ours: whole / mebi,
    other: quarter / mebi,
    ratio: whole / quarter,
    goal: { of: 'ratio', bound: 'at most', value: 1.5 },
    remark: 'written to a file and opened from there, in chunks of 1 MiB; growth of a process of its own',
  };
}

async function grownBy(octets: number): Promise<number> {
  const child = startProcess('./messages-codec-process.ts', { octets });
  try {
    const { before, peak } = (await nextMessage(child)) as MemoryReport;
    return peak - before;
  } finally {
    child.kill();
  }
}
