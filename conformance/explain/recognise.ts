/** Tells what a thing is by its first octets, and takes off its armor. */
import { ArmorError, decodeArmor } from '../../reference/formats/armor.js';
import { isReplyLine, startsWithVerb } from './dmtp-rows.js';
import type { AskedKind } from './explanation.js';

export interface Recognised {
  /** Null when it is nothing of DIME. */
  readonly kind: AskedKind | null;
  /** Of the thing itself: the binary object, or the text. */
  readonly octets: Uint8Array;
  /** How it was wrapped. */
  readonly wrapping: 'none' | 'armor' | 'base64';
  /** Of the armor. */
  readonly label: string | null;
  /** Why the armor could not be taken off. */
  readonly refusal: ArmorError | null;
}

/** Magic numbers of the signets and messages digests. None of them begins with an octet of text. */
const kindsByMagic: Readonly<Record<number, AskedKind>> = {
  1215: 'signet',
  1216: 'signet',
  1776: 'signet',
  1789: 'signet',
  1837: 'message',
  1847: 'message',
  1908: 'message',
  1947: 'keys',
  1952: 'keys',
  1976: 'keys',
  2013: 'keys',
};

const recordKeys = /^(?:version|ver|primary|pok|tls|policy|pol|syndicates|syn|deliver|dx|expiry|exp|subdomain|sub)=/i;

/** @param asked what the person says that it is; wrappings are taken off all the same */
export function recognise(input: Uint8Array, asked?: AskedKind): Recognised {
  const plain = { octets: input, wrapping: 'none', label: null, refusal: null } as const;
  const binary = kindOfObject(input);
  if (binary !== null) return { ...plain, kind: asked ?? binary };
  const text = Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1');
  if (/^[ \t]*-----BEGIN /m.test(text)) return armored(text, plain, asked);
  const bare = fromBase64(text, asked ?? null);
  // Private keys are told from text whatever they are said to be, since text is printed.
  const isObject = asked === undefined || asked === 'signet' || asked === 'keys' || asked === 'message';
  if (bare !== null && (isObject || kindOfObject(bare.octets) === 'keys')) return bare;
  if (asked !== undefined) return { ...plain, kind: asked };
  const start = text.trimStart();
  if (start.startsWith('{')) return { ...plain, kind: 'stacie' };
  if (isReplyLine(text) || startsWithVerb(text)) return { ...plain, kind: 'dmtp' };
  if (start.startsWith('"') || start.split(/[ ;]+/, 4).some((token) => recordKeys.test(token))) {
    return { ...plain, kind: 'record' };
  }
  return { ...plain, kind: null };
}

export function kindOfObject(octets: Uint8Array): AskedKind | null {
  const [first, second] = octets;
  return first === undefined || second === undefined ? null : (kindsByMagic[(first << 8) | second] ?? null);
}

function armored(text: string, plain: Omit<Recognised, 'kind'>, asked: AskedKind | undefined): Recognised {
  try {
    const { label, data } = decodeArmor(text);
    return { kind: asked ?? kindOfObject(data), octets: data, wrapping: 'armor', label, refusal: null };
  } catch (error) {
    if (!(error instanceof ArmorError)) throw error;
    return { ...plain, wrapping: 'armor', kind: asked ?? null, refusal: error };
  }
}

/** Base64 without armor, as replies to SGNT hold it. */
function fromBase64(text: string, asked: AskedKind | null): Recognised | null {
  const base64 = text.replace(/\s+/g, '').replace(/^\[(.*)\]$/s, '$1');
  if (base64 === '' || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const octets = new Uint8Array(Buffer.from(base64, 'base64'));
  const kind = kindOfObject(octets);
  if (kind === null) return null;
  return { kind: asked ?? kind, octets, wrapping: 'base64', label: null, refusal: null };
}
