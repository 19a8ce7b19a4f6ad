/**
 * Values that were published with their inputs: they stand on nobody's reading. The derivation is the check "simple" of
 * magma, one of the two implementations by the draft's author; realm and envelope are those of Appendix A.2 of
 * draft-ladar-stacie-03. Appendix A.4 of revision 00 is wrong from its seed on (STACIE-I-91), so none of it is here.
 */
import { type Case, defineCase, nothing } from '../case.js';
import { show, spokenRevision } from './stacie-calls.js';

const adapter = { class: 'stacie-derivation', needs: ['adapter'], mostRuns: 1 } as const;

const salt =
  'lyrtpzN8cBRZvsiHX6y4j-pJOjIyJeuw5aVXzrItw1G4EOa-6CA4R9BhVpinkeH0UeXyOeTisHR3Ik3yuOhxbWPyesMJvfp0IBtx0f0uorb8wPnhw5BxDJVCb1TOSE50PFKGBFMkc63Koa7vMDj-WEoDj2X0kkTtlW6cUvF8i-M';
const nonce =
  'oDdYAHOsiX7Nl2qTwT18onW0hZdeTO3ebxzZp6nXMTo__0_vr_AsmAm3vYRwWtSCPJz0sA2o66uhNm6YenOGz0NkHcSAVgQhKdEBf_BTYkyULDuw2fSkbO7mlnxEhxqrJEc27ZVam6ogYABfHZjgVUTAi_SICyKAN7KOMuImL2g';

const derivation = {
  rounds: 4224,
  seed: 'J7MWPKEl1fVJxa0SDreYIE-lcv6uK9BXIaRYFG6GcHxUo5pmme7i9JcYRvd_yCzg59A7gZAZmbCJ-1uRKOm7Kw',
  masterKey: 'u-pbHPk-YbEY76DFA-X55HOS8BLxPGMY6oViDUed4fXrmlV1pRIpDem26P_1RBeCaWc09btoSP3E_fEF0ffxZA',
  passwordKey: 'SeoGINQ3MXFo_xPt_uxYIgOzpU1BjDj9BfNlzbvlA2vOswkAC0sDnViURlhSRa8i91z6B-pQ8etRSaBkyDG_NA',
  verificationToken: '4smP8S5oGOR_OUp_T4M1RgOnOeChgme5Xv-ZX8_kt8lYKdPTUlc4oPFgg-5rAyhiqQOfxNa5HyYaefcb_haQ9Q',
  ephemeralLoginToken: '_-MOUkFbJLAEFX8I4k9Bf-8VVk9DQlETAliooUH5unLUmgPkxc2peQaQUXvyoRrM87DF3kSfFhCh_uyv3BMb7Q',
};
/** Which requirement the first wrong value points at. */
const decidedBy = {
  rounds: 'STACIE-037',
  seed: 'STACIE-049',
  masterKey: 'STACIE-068',
  passwordKey: 'STACIE-069',
  verificationToken: 'STACIE-079',
  ephemeralLoginToken: 'STACIE-081',
} as const;

const derives = defineCase({
  ...adapter,
  operation: 'stacie.derive',
  id: 'stacie/published/derivation',
  title: 'The published derivation of magma comes out value by value.',
  decides: ['STACIE-037', 'STACIE-049', 'STACIE-068', 'STACIE-069', 'STACIE-079', 'STACIE-081'],
  given: nothing,
  check: async (_nothing, context) => {
    const revision = spokenRevision(context, '03');
    const input = { revision, username: 'user@example.tld', password: 'SiliconSally', salt, nonce };
    const known = await context.call('stacie.rounds', { password: input.password, bonus: 128 });
    context.require(
      'STACIE-037',
      known.kind === 'result' && known.value.rounds === derivation.rounds,
      `${derivation.rounds} rounds for 12 characters and bonus 128`,
      show(known),
    );
    const answer = await context.call('stacie.derive', { ...input, bonus: 128 });
    const value: Readonly<Record<string, unknown>> = answer.kind === 'result' ? answer.value : {};
    for (const [name, right] of Object.entries(derivation)) {
      const requirement = decidedBy[name as keyof typeof derivation];
      context.require(requirement, value[name] === right, `${name} ${right}`, show(answer));
    }
  },
});

const keys = {
  vectorKey: 'v53LS2JFjE-ErqJ2UWTe0A',
  tagKey: '751jG1gxRDN6_FdzNVWRDA',
  cipherKey: '3ET0kuLHQRz2igZ4qsca-0lmkEd5qFzdrcySYSf6eQ8',
};

const realm = defineCase({
  ...adapter,
  operation: 'stacie.realm',
  id: 'stacie/published/realm',
  title: 'The realm keys of Appendix A.2 of revision 03 come out.',
  decides: ['STACIE-095', 'STACIE-097', 'STACIE-098', 'STACIE-099'],
  given: nothing,
  check: async (_nothing, context) => {
    const answer = await context.call('stacie.realm', {
      revision: '03',
      masterKey: 'SDt67ZfTr8c1KO1Ym6BI69i7TQNNq5J2irym6gPQlEo0MGc5x-b43bi1uXJDF4rhJJvfl9NFBQkDQ_X_2n66RA',
      realm: 'mail',
      shard: 'gD65Kdeda1hB2Q6gdZl0fetGg2viLXWG0vmKN4HxE3Jp3Z0Gkt5prqSmcuY2o8t24iGSCOnFDpP71c3xl9SX9Q',
      salt,
    });
    const value: Readonly<Record<string, unknown>> = answer.kind === 'result' ? answer.value : {};
    const wrong = Object.entries(keys).filter(([name, right]) => value[name] !== right);
    context.require('STACIE-095', wrong.length < 3, `one at least of ${JSON.stringify(keys)}`, show(answer));
    context.require('STACIE-097', value.vectorKey === keys.vectorKey, `vector key ${keys.vectorKey}`, show(answer));
    context.require('STACIE-098', value.tagKey === keys.tagKey, `tag key ${keys.tagKey}`, show(answer));
    context.require('STACIE-099', value.cipherKey === keys.cipherKey, `cipher key ${keys.cipherKey}`, show(answer));
  },
});

const envelope = defineCase({
  ...adapter,
  operation: 'stacie.decrypt',
  id: 'stacie/published/envelope',
  title: 'The encrypted text of Appendix A.2 of revision 03 opens.',
  decides: ['STACIE-133'],
  given: nothing,
  check: async (_nothing, context) => {
    const answer = await context.call('stacie.decrypt', {
      ...keys,
      envelope: 'AACS5PQoBg4ON1Xt6aUSddMxTTIKGdbGSelUkIbUkUjprZv9ekAwPRrJOUqJqWGhdgEvCzSkZwr-kvNZo6f2IW1a',
    });
    const text = Buffer.from('Attack at dawn!').toString('base64url');
    context.require(
      'STACIE-133',
      answer.kind === 'result' && answer.value.data === text && answer.value.serial === 0,
      `the text ${text} under serial 0`,
      show(answer),
    );
  },
});

export const cases: readonly Case[] = [derives, realm, envelope];
