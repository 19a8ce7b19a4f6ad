/** The record that a domain publishes: where it stands, how it is cut, and what its text looks like (sections 1 and 2.4). */
import { createHash, createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import type { CaseContext } from '../../runner/context.js';
import { Unreachable, Unsupported } from '../../runner/outcome.js';
import type { DnsAnswer } from '../../target/dns-client.js';
import { type Case, defineCase, nothing } from '../case.js';
import { quote } from './record-calls.js';
import { inAnyCase } from './record-inputs.js';
import { fieldsOf, type TextRule, textRules, valuesOf } from './written-record.js';

const publishes = { class: 'record', needs: ['dns'] } as const;

/** The most octets of a character-string. */
const longestString = 255;

function ownerName(domain: string | null): string {
  if (domain === null) throw new Unreachable('the target serves no domain, so that no record of it can be looked up');
  return `_dx.${domain}`;
}

/** Asks for the record; over TCP when the answer does not fit UDP. */
async function askRecord(context: CaseContext, name: string, transport: 'udp' | 'tcp' = 'udp'): Promise<DnsAnswer> {
  const answer = await context.dns({ name, type: 'TXT', transport });
  return answer.truncated && transport === 'udp' ? await askRecord(context, name, 'tcp') : answer;
}

const stringsOf = (answer: DnsAnswer): (readonly string[])[] =>
  answer.records.flatMap(({ type, strings }) => (type === 'TXT' && strings !== undefined ? [strings] : []));

/** The strings of the first TXT record. @throws Unreachable without one, which the case on REC-001 judges */
async function publishedStrings(context: CaseContext): Promise<readonly string[]> {
  const name = ownerName(context.profile.domain);
  const answer = await askRecord(context, name);
  const [first] = stringsOf(answer);
  if (first === undefined) throw new Unreachable(`no TXT record at ${name}: ${answer.summary}`);
  context.covered('record', first.join(''));
  return first;
}

async function publishedText(context: CaseContext): Promise<string> {
  return (await publishedStrings(context)).join('');
}

const place = defineCase({
  ...publishes,
  id: 'record/published/txt-at-dx-name',
  title: 'The record is published as TXT at _dx. and the domain, over UDP and TCP, whatever the case of the name.',
  decides: ['REC-001'],
  given: (profile) =>
    fc.record({
      name: profile.domain === null ? fc.constant(null) : inAnyCase(ownerName(profile.domain)),
      transport: fc.constantFrom('udp', 'tcp'),
    }),
  mostRuns: 20,
  check: async ({ name, transport }, context) => {
    const answer = await askRecord(context, name ?? ownerName(null), transport);
    const texts = stringsOf(answer).map((strings) => strings.join(''));
    context.require(
      'REC-001',
      answer.rcode === 0 && texts.some((text) => fieldsOf(text).some(({ field }) => field !== null)),
      `a TXT record with fields of a management record at ${name}`,
      answer.summary,
    );
  },
});

const onlyOne = defineCase({
  ...publishes,
  id: 'record/published/one-txt-record',
  title: 'One TXT record stands at that name, and no second.',
  decides: ['REC-003'],
  given: nothing,
  mostRuns: 1,
  check: async (_input, context) => {
    const name = ownerName(context.profile.domain);
    const answer = await askRecord(context, name);
    const count = stringsOf(answer).length;
    if (count === 0) throw new Unreachable(`no TXT record at ${name}: ${answer.summary}`);
    context.require('REC-003', count === 1, `one TXT record at ${name}`, `${count}: ${answer.summary}`);
  },
});

const cutStrings = defineCase({
  ...publishes,
  id: 'record/published/strings-of-255-octets-at-most',
  title: 'No character-string has more than 255 octets, and none of a longer text is lost at that limit.',
  decides: ['REC-007'],
  given: nothing,
  mostRuns: 1,
  check: async (_input, context) => {
    const strings = await publishedStrings(context);
    const lengths = strings.map((string) => string.length);
    const fits = lengths.every((length) => length <= longestString);
    context.require(
      'REC-007',
      fits,
      `strings of at most ${longestString} octets`,
      `strings of ${lengths.join(', ')} octets`,
    );
    // More than 255 octets cannot be said on the wire: a publisher that does not cut the text loses its end instead.
    if (lengths.at(-1) !== longestString) return;
    const last = fieldsOf(strings.join('')).at(-1);
    const cutOff =
      (last?.field === 'primary' && last.value.length < 43) || (last?.field === 'tls' && last.value.length < 86);
    context.require(
      'REC-007',
      !cutOff,
      `a text of more than ${longestString} octets in several strings`,
      () => `one that ends in its field ${last?.field} after ${longestString} octets: ${quote(strings.join(''))}`,
    );
  },
});

const written = ({ requirement, name, title, expected, finding, about }: TextRule): Case =>
  defineCase({
    ...publishes,
    id: `record/published/${name}`,
    title: `In the published record: ${title}`,
    decides: [requirement],
    given: nothing,
    mostRuns: 1,
    check: async (_input, context) => {
      const text = await publishedText(context);
      if (about !== undefined && valuesOf(text, about).length === 0) {
        throw new Unsupported(`the published record has no ${about}: ${quote(text)}`);
      }
      const wrong = finding(text);
      context.require(requirement, wrong === null, expected, () => `${wrong} in ${quote(text)}`);
    },
  });

const certificate = defineCase({
  ...publishes,
  needs: ['dns', 'dmtp'],
  id: 'record/published/signature-over-whole-certificate',
  title:
    'A tls value of the published record is a signature by one of its keys over the SHA-512 digest of the whole certificate.',
  decides: ['REC-062'],
  given: nothing,
  mostRuns: 1,
  check: async (_input, context) => {
    const text = await publishedText(context);
    const signatures = valuesOf(text, 'tls').map((value) => Buffer.from(value, 'base64'));
    if (signatures.length === 0) throw new Unsupported(`the published record has no tls: ${quote(text)}`);
    const { certificate } = await context.secure();
    if (certificate === null) throw new Unreachable('no certificate came in the TLS handshake');
    const digest = createHash('sha512').update(certificate.raw).digest();
    const keys = valuesOf(text, 'primary').map((value) => Buffer.from(value, 'base64'));
    // One is for this certificate; others may be for the domain's other hosts (section 3.4).
    const matches = signatures.some((signature) => keys.some((key) => signs(key, digest, signature)));
    context.require(
      'REC-062',
      matches,
      'one tls value that some pok verifies over the SHA-512 digest of the certificate',
      () =>
        `none of ${signatures.length} for ${keys.length} keys and the certificate of ${certificate.subject.replaceAll('\n', ' ')} with SHA-256 fingerprint ${certificate.fingerprint256}`,
    );
  },
});

function signs(key: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  if (key.length !== 32 || signature.length !== 64) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(key).toString('base64url') };
  return verify(null, digest, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

export const cases: readonly Case[] = [place, onlyOne, cutStrings, ...textRules.map(written), certificate];
