import { describe, expect, test } from 'vitest';
import { faults } from '../../faults/signet-codec-faults.js';
import { referenceOperations } from '../../target/adapter/operations.js';
import { testCodecClass } from '../codec-class.test-support.js';
import { judge, verdict } from '../record/codec-target.js';
import { signetCodecCases } from './index.js';
import { openSignetCodecs } from './signet-target.js';

const octets = Buffer.alloc(64).toString('base64url');
const text = '-----BEGIN USER KEY-----\nAAAA\n=AAAA\n-----END USER KEY-----\n';
const keys = {
  type: 'user',
  signingPrivate: octets,
  signingPublic: octets,
  encryptionPrivate: octets,
  encryptionPublic: octets,
};

testCodecClass({
  cases: signetCodecCases,
  faults,
  operations: referenceOperations,
  open: openSignetCodecs,
  answers: {
    'armor.decode': () => ({ label: 'USER KEY', data: octets }),
    'armor.encode': () => ({ text }),
    'signet.parse': () => ({ type: 'user', fields: [] }),
    'signet.validate': () => ({ state: 'cryptographic' }),
    'signet.fingerprint': () => ({ fingerprint: octets }),
    'signet.generate': ({ type }) => ({ [type === 'user' ? 'signingRequest' : 'signet']: octets, keys }),
    'signet.sign': () => ({ signet: octets }),
    'keys.parse': () => keys,
    'keys.encrypt': () => ({ armored: text }),
    'keys.decrypt': () => keys,
  },
  // What may be left alone is no fault.
  options: ['signet/objects/legacy-magic'],
  ids: /^(signet|keys|armor)\/[a-z0-9-]+(?:\/[a-z0-9-]+)?$/,
  runs: { right: 6, faulty: 10, same: 1 },
});

describe('an adapter is judged in the profiles that it names', () => {
  const verdicts = async (profiles: readonly string[]): Promise<Map<string, string | null>> => {
    const target = await openSignetCodecs(referenceOperations, profiles);
    const found = new Map<string, string | null>();
    for (const subject of signetCodecCases) found.set(subject.id, verdict(await judge(subject, target, 1)));
    await target.close();
    return found;
  };

  test('with none of them, the cases of armor alone are judged', async () => {
    const judged = [...(await verdicts([]))].filter(([, found]) => found === null).map(([id]) => id);
    expect(judged.length).toBeGreaterThan(0);
    expect(judged.filter((id) => !id.startsWith('armor/text/'))).toEqual([]);
  });

  test('with prime alone, the cases of 2015 are skipped', async () => {
    const found = await verdicts(['prime']);
    expect(found.get('signet/prime/length-classes')).toBeNull();
    expect(found.get('signet/objects/magic-numbers')).toBeNull();
    expect(found.get('signet/fields/organization-table')).toMatch(/^skip: .*names none of the profiles dime-2015/);
  });
});
