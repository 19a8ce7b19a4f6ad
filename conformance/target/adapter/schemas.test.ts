import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { referenceOperations } from './operations.js';
import { schemaNames, shapeError } from './schemas.js';

const folder = new URL('./schemas/', import.meta.url);
const key = 'POBPl5Z0Jtq3_8QK8FkWKAlkRyny2J0dXqY3xh0i3ms';
const record = { version: 1, primary: [key], tls: [], policy: 'strict', deliver: [], expiry: 0, subdomain: 'strict' };

describe('the schemas', () => {
  it('are valid schemas of draft 2020-12, each under the name of its file', () => {
    const ajv = new Ajv2020();
    for (const file of readdirSync(folder)) {
      const schema = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      expect(ajv.validateSchema(schema), file).toBe(true);
      expect(schema.$id).toBe(file);
      expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    }
  });

  it('are there for input and result of every operation of the reference', () => {
    for (const operation of ['hello', ...Object.keys(referenceOperations)]) {
      expect(schemaNames).toContain(`${operation}.input`);
      expect(schemaNames).toContain(`${operation}.result`);
    }
  });

  // The rows of the protocol's description.
  it.each([
    ['request', { id: 1, op: 'hello', input: { protocol: 1, suite: '0.1.0' } }],
    ['response', { id: 1, result: {} }],
    ['response', { id: 1, error: { code: 'invalid', message: 'no', requirement: 'SIG-012', offset: 17 } }],
    ['response', { id: 1, unsupported: { reason: 'no' } }],
    ['response', { id: 1, result: {}, note: 'members may be added' }],
    [
      'hello.result',
      {
        protocol: 1,
        name: 'libexample',
        version: '2.3',
        language: 'C',
        profiles: ['dime-2015'],
        stacie: ['00'],
        operations: ['stacie.derive', 'record.parse'],
      },
    ],
    ['record.parse.result', { ...record, syndicates: null }],
    ['record.parse.result', { ...record, syndicates: 'a,b', policy: 'a wrong value is not a wrong shape' }],
    ['record.format.input', { primary: [key] }],
    ['dmtp.command.parse.input', { dialect: 'named', lineOctets: '_-8' }],
    [
      'dmtp.command.parse.result',
      { verb: 'MAIL', arguments: { from: 'a.example', size: 12, fingerprintOctets: '_w' } },
    ],
    ['dmtp.command.format.result', { line: 'QUIT\r\n' }],
    ['dmtp.reply.parse.result', { code: 250, lines: ['OK'] }],
    ['stacie.rounds.input', { password: '', bonus: -1.5 }],
    ['stacie.derive.input', { revision: '00', username: '', passwordOctets: '_w', salt: '' }],
    ['stacie.encrypt.input', { vectorKey: '', tagKey: '', cipherKey: '', serial: 65_536, data: '' }],
    ['stacie.shard-rotate.input', { realm: 'mail', oldMasterKey: key, oldShard: key, newMasterKey: key }],
    ['stacie.realm.result', { vectorKey: key, cipherKey: key }],
  ])('%s takes %j', (name, value) => {
    expect(shapeError(name, value)).toBeNull();
  });

  it.each([
    ['request', { id: 1, op: 'hello' }, 'member input is missing'],
    ['request', { id: '1', op: 'hello', input: {} }, 'member id must be integer'],
    ['request', [], 'the object must be object'],
    ['response', { id: 1 }, 'exactly one of result, error, unsupported must be there'],
    [
      'response',
      { id: 1, result: {}, unsupported: { reason: 'both' } },
      'exactly one of result, error, unsupported must be there',
    ],
    [
      'response',
      { id: 1, error: { code: 'broken', message: '' } },
      'member error.code must be one of invalid, internal',
    ],
    ['response', { id: 1, error: { code: 'invalid' } }, 'member error.message is missing'],
    ['hello.result', { protocol: 2, name: 'a', version: '', operations: [] }, 'member protocol must be 1'],
    ['record.parse.input', {}, 'member text is missing'],
    ['record.parse.result', { ...record, deliver: 'dx.example.com' }, 'member deliver must be array'],
    ['record.parse.result', { ...record, primary: [`${key}=`] }, 'member primary.0 must be base64url without padding'],
    ['record.parse.result', { ...record, primary: ['A'] }, 'member primary.0 must be base64url without padding'],
    ['dmtp.command.parse.input', { dialect: 'named' }, 'exactly one of line, lineOctets must be there'],
    ['dmtp.command.parse.input', { dialect: 'Named', line: '' }, 'member dialect must be one of positional, named'],
    ['dmtp.command.parse.result', { verb: 'MAIL', arguments: { size: '12' } }, 'member arguments.size must be integer'],
    ['dmtp.reply.parse.result', { code: '250', lines: [] }, 'member code must be integer'],
    [
      'stacie.rounds.input',
      { password: 'a', passwordOctets: 'YQ', bonus: 0 },
      'exactly one of password, passwordOctets must be there',
    ],
    ['stacie.derive.input', { revision: '01', username: 'a', password: 'b' }, 'member revision must be one of 00, 03'],
    ['stacie.derive.result', { rounds: 8, seed: 'a b' }, 'member masterKey is missing'],
    ['stacie.decrypt.result', { serial: '1', data: '' }, 'member serial must be integer'],
  ])('%s refuses %j', (name, value, message) => {
    expect(shapeError(name, value)).toBe(message);
  });

  it('asks for nothing where there is no schema', () => {
    expect(shapeError('an.operation.of.the.adapters.own.input', { whatever: 1 })).toBeNull();
  });
});
