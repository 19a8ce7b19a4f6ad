#!/usr/bin/env node
/**
 * An adapter in plain JavaScript: libdime's table of DMTP commands, as the DMTP digest describes it (sections 5 and 5.1,
 * column [table]). It speaks version 1 of the adapter protocol and knows the named dialect alone. Written from the digest
 * and the protocol's description, with nothing of the suite.
 */
import { createInterface } from 'node:readline';

const longestLine = 512;

/** Of each command its arguments in order: name, brackets (none for a bare word). */
const table = {
  STARTTLS: [
    ['HOST', '<>'],
    ['MODE', ''],
  ],
  HELO: [['HOST', '<>']],
  EHLO: [['HOST', '<>']],
  MODE: [],
  // A defect of the table: arguments without a name still have the equals sign (OQ-87).
  NOOP: [
    ['', ''],
    ['', ''],
    ['', ''],
  ],
  RSET: [],
  HELP: [],
  QUIT: [],
  MAIL: [
    ['FROM', '<>'],
    ['FINGERPRINT', '[]'],
  ],
  RCPT: [
    ['TO', '<>'],
    ['FINGERPRINT', '[]'],
  ],
  DATA: [],
  SGNT: [
    ['USER', '<>'],
    ['DOMAIN', '<>'],
    ['FINGERPRINT', '[]'],
  ],
  HIST: [
    ['USER', '<>'],
    ['START', '[]'],
    ['STOP', '[]'],
  ],
  VRFY: [
    ['USER', '<>'],
    ['DOMAIN', '<>'],
    ['FINGERPRINT', '[]'],
  ],
};

const needed = {
  STARTTLS: ['HOST'],
  HELO: ['HOST'],
  EHLO: ['HOST'],
  MAIL: ['FROM', 'FINGERPRINT'],
  RCPT: ['TO', 'FINGERPRINT'],
  HIST: ['USER'],
  VRFY: ['FINGERPRINT'],
};

class Refused extends Error {}

/** @param {Buffer} octets one line with its end */
function parse(octets) {
  if (octets.length > longestLine) throw new Refused('invalid call: longer than 512 octets');
  // One character an octet, so that octets above 127 pass unchanged.
  const line = octets.toString('latin1');
  const body = /^([^\r\n]*)\r?\n$/.exec(line)?.[1];
  if (body === undefined) throw new Refused('command error: no line end, or octets behind it');
  const verb = Object.keys(table).find((name) => body.startsWith(name));
  if (verb === undefined) throw new Refused('command error: unknown');
  let rest = body.slice(verb.length);
  if (rest !== '' && !/^[ \t]/.test(rest)) throw new Refused('command error: something right behind the name');
  const given = new Map();
  let place = 0;
  for (rest = rest.replace(/^[ \t]+/, ''); rest !== ''; rest = rest.replace(/^[ \t]+/, '')) {
    if (place >= table[verb].length) throw new Refused('command error: no later argument is left');
    const found = table[verb]
      .slice(place)
      .findIndex(([name, brackets]) => rest.startsWith(`${name}=${brackets[0] ?? ''}`));
    if (found === -1) throw new Refused('argument error: none of the later arguments');
    place += found;
    const [name, brackets] = table[verb][place];
    const from = name.length + 1 + (brackets === '' ? 0 : 1);
    const to = brackets === '' ? rest.search(/[ \t]|$/) : rest.indexOf(brackets[1], from);
    if (to === -1) throw new Refused(`argument error: ${name} is not closed`);
    given.set(name === '' ? `text${place + 1}` : name, rest.slice(from, to));
    rest = rest.slice(to + (brackets === '' ? 0 : 1));
    if (rest !== '' && !/^[ \t]/.test(rest)) throw new Refused('command error: something right behind a value');
    place += 1;
  }
  check(verb, [...given.keys()]);
  return {
    verb,
    arguments: Object.assign({}, ...[...given].map(([name, value]) => member(name.toLowerCase(), value))),
  };
}

/** A text, or octets where it is none. */
function member(name, latin1) {
  const octets = Buffer.from(latin1, 'latin1');
  const text = octets.toString('utf8');
  const isText = Buffer.from(text, 'utf8').equals(octets);
  return isText ? { [name]: text } : { [`${name}Octets`]: octets.toString('base64url') };
}

function check(verb, names) {
  for (const name of needed[verb] ?? []) {
    if (!names.includes(name)) throw new Refused(`command error: ${verb} needs ${name}`);
  }
  const named = ['USER', 'DOMAIN'].filter((name) => names.includes(name));
  if ((verb === 'SGNT' || verb === 'VRFY') && named.length !== 1) {
    throw new Refused(`command error: ${verb} needs exactly one of USER and DOMAIN`);
  }
}

/** LF is what it writes. */
function format(verb, members) {
  if (!Object.hasOwn(table, verb)) throw new Refused('command error: unknown');
  const values = new Map(
    Object.entries(members).map(([name, value]) =>
      name.endsWith('Octets')
        ? [name.slice(0, -6).toUpperCase(), Buffer.from(value, 'base64url').toString('latin1')]
        : [name.toUpperCase(), Buffer.from(String(value), 'utf8').toString('latin1')],
    ),
  );
  const rows = table[verb].map(([name, brackets], at) => [name === '' ? `TEXT${at + 1}` : name, name, brackets]);
  const unknown = [...values.keys()].find((name) => !rows.some(([key]) => key === name));
  if (unknown !== undefined) throw new Refused(`command error: ${verb} has no ${unknown}`);
  check(verb, [...values.keys()]);
  const parts = rows
    .filter(([key]) => values.has(key))
    .map(([key, name, brackets]) => {
      const value = values.get(key);
      const ends = brackets === '' ? /[ \t\r\n]/ : brackets === '<>' ? /[>\r\n]/ : /[\]\r\n]/;
      if (ends.test(value)) throw new Refused(`argument error: ${key} cannot be written`);
      return ` ${name}=${brackets[0] ?? ''}${value}${brackets[1] ?? ''}`;
    });
  const line = Buffer.from(`${verb}${parts.join('')}\n`, 'latin1');
  if (line.length > longestLine) throw new Refused('invalid call: longer than 512 octets');
  return member('line', line.toString('latin1'));
}

const operations = {
  hello: () => ({
    protocol: 1,
    name: 'table-peer',
    version: '1',
    language: 'JavaScript',
    operations: ['dmtp.command.parse', 'dmtp.command.format'],
  }),
  'dmtp.command.parse': ({ line, lineOctets }) =>
    parse(line === undefined ? Buffer.from(lineOctets, 'base64url') : Buffer.from(line, 'utf8')),
  'dmtp.command.format': ({ verb, arguments: members }) => format(verb, members),
};

function answer({ op, input }) {
  if (!Object.hasOwn(operations, op)) return { unsupported: { reason: 'not of this adapter' } };
  if (op !== 'hello' && input.dialect !== 'named') return { unsupported: { reason: 'the named dialect alone' } };
  try {
    return { result: operations[op](input) };
  } catch (error) {
    return { error: { code: error instanceof Refused ? 'invalid' : 'internal', message: error.message } };
  }
}

for await (const text of createInterface({ input: process.stdin })) {
  const request = JSON.parse(text);
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer(request) })}\n`);
}
