/** What goes out with a message (section 6 of the DMTP digest). */
import fc from 'fast-check';
import type { Case } from '../case.js';
import { clientCase, fate } from './client-case.js';
import { deliverLetter, isDelivered, letters } from './letters.js';
import { readCommand } from './right-host.js';
import { dualHost, oneHost, Stage } from './stage.js';

const fingerprints = /^[A-Za-z0-9+/]{86}$/;
const isNamed = (line: string): boolean => /\b(FROM|TO)=</i.test(line);

/** The arguments of a delivery that went through: what was asked, and the stage. */
async function delivered(
  context: Parameters<typeof Stage.set>[0],
  row: string,
  letter: Parameters<typeof deliverLetter>[1],
  more: Parameters<typeof deliverLetter>[2] & { readonly dual?: boolean } = {},
) {
  const { dual = false, ...rest } = more;
  const stage = await Stage.set(context, (dual ? dualHost : oneHost)({ messageOctets: letter.message.length }));
  const answer = await deliverLetter(stage, letter, rest);
  context.require(row, isDelivered(answer), 'a message to be delivered to a right host', fate(stage, answer));
  const commands = stage.lines.map(readCommand);
  const of = (verb: string) => commands.filter((command) => command.verb === verb);
  return { stage, answer, commands, of };
}

const order = clientCase({
  id: 'dmtp-client/delivery/mail-rcpt-data',
  title: 'A message goes out after MAIL with the domain of the origin, RCPT with that of the destination, and DATA.',
  decides: ['DMTP-046'],
  operation: 'dmtp.deliver',
  mostRuns: 3,
  given: fc.record({ letter: letters, dual: fc.boolean() }),
  async check({ letter, dual }, context) {
    const { stage, commands, of } = await delivered(context, 'DMTP-046', letter, { dual });
    const verbs = commands.map(({ verb }) => verb).filter((verb) => ['MAIL', 'RCPT', 'DATA'].includes(verb));
    context.require('DMTP-046', verbs.join() === 'MAIL,RCPT,DATA', 'MAIL, RCPT and DATA, once each', verbs.join());
    const names = [of('MAIL')[0]?.name, of('RCPT')[0]?.name];
    const right = names[0] === letter.origin && names[1] === stage.domain;
    context.require('DMTP-046', right, `MAIL with ${letter.origin}, RCPT with ${stage.domain}`, JSON.stringify(names));
  },
});

const once = clientCase({
  id: 'dmtp-client/delivery/stops-where-it-is-refused',
  title: 'A refusal ends the transaction where it stands, and the message is neither sent nor reported as accepted.',
  decides: ['DMTP-046'],
  operation: 'dmtp.deliver',
  mostRuns: 4,
  given: fc.record({
    letter: letters,
    verb: fc.constantFrom('MAIL', 'RCPT', 'DATA'),
    refusal: fc.constantFrom('503 NOT NOW\r\n', '551 <dx.elsewhere.example>\r\n', '451 LATER\r\n'),
  }),
  async check({ letter, verb: refused, refusal }, context) {
    const stage = await Stage.set(
      context,
      oneHost({
        messageOctets: letter.message.length,
        reply: ({ verb }, right) => (verb === refused ? refusal : right),
      }),
    );
    const answer = await deliverLetter(stage, letter);
    const what = `${refused} answered with ${JSON.stringify(refusal)}`;
    const later = { MAIL: /^(RCPT|DATA)/i, RCPT: /^DATA/i, DATA: /^$/ }[refused] ?? /^$/;
    const stopped =
      !stage.lines.some((line) => later.test(line)) && stage.connections.every(({ messages }) => messages.length === 0);
    context.require('DMTP-046', stopped, `${what}: nothing after it`, JSON.stringify(stage.lines).slice(0, 600));
    context.require('DMTP-046', !isDelivered(answer), `${what}: not to be accepted`, fate(stage, answer));
    await delivered(context, 'DMTP-046', letter);
  },
});

const realFingerprints = clientCase({
  id: 'dmtp-client/delivery/real-fingerprints',
  title: 'MAIL and RCPT have fingerprints, and DATA no placeholder.',
  decides: ['DMTP-047'],
  operation: 'dmtp.deliver',
  mostRuns: 2,
  given: letters,
  async check(letter, context) {
    const { of } = await delivered(context, 'DMTP-047', letter);
    for (const verb of ['MAIL', 'RCPT']) {
      const [command] = of(verb);
      const right = fingerprints.test(command?.brackets[0] ?? '');
      context.require('DMTP-047', right, `86 characters of base64 in brackets with ${verb}`, command?.line ?? 'none');
    }
    const [data] = of('DATA');
    const argument = data?.brackets[0];
    const placeholder = argument !== undefined && /^(fingerprint|hash|commit ?hash|)$/i.test(argument);
    context.require('DMTP-047', data !== undefined && !placeholder, 'DATA without a placeholder', data?.line ?? 'none');
  },
});

const fullFingerprints = clientCase({
  id: 'dmtp-client/delivery/full-fingerprints-of-the-organizations',
  title:
    'The fingerprints of MAIL and RCPT are the full ones of the signets of origin and destination, given or fetched.',
  decides: ['DMTP-048'],
  operation: 'dmtp.deliver',
  mostRuns: 4,
  given: fc.record({ letter: letters, withoutDestination: fc.boolean() }),
  async check({ letter, withoutDestination }, context) {
    const { stage, of } = await delivered(context, 'DMTP-048', letter, { withoutDestination });
    const full = stage.newest(stage.domain).fingerprints.full;
    const found = [of('MAIL')[0]?.brackets[0], of('RCPT')[0]?.brackets[0]];
    const right = found[0] === letter.originFingerprint && found[1] === full;
    context.require('DMTP-048', right, `[${letter.originFingerprint}] and [${full ?? ''}]`, JSON.stringify(found));
  },
});

const parameters = clientCase({
  id: 'dmtp-client/delivery/return-and-data',
  title: 'A client may add RETURN and DATA to MAIL; what it adds is of the words that there are.',
  decides: ['DMTP-049'],
  operation: 'dmtp.deliver',
  mostRuns: 3,
  given: fc.record({ letter: letters, word: fc.constantFrom('FULL', 'DISPLAY', 'HEADER') }),
  async check({ letter, word }, context) {
    const { of } = await delivered(context, 'DMTP-049', letter, { return: word });
    const line = of('MAIL')[0]?.line ?? '';
    const given = /\bRETURN=(\S*)/i.exec(line)?.[1];
    const data = /\bDATA=(\S*)/i.exec(line)?.[1];
    const right =
      (given === undefined || given.toUpperCase() === word) && (data === undefined || /^[78]BIT$/i.test(data));
    context.require('DMTP-049', right, `RETURN=${word}, DATA=7BIT, DATA=8BIT or nothing`, line);
    context.took('DMTP-049', given !== undefined || data !== undefined, line.replace(/\[.*\]/, '[..]'));
  },
});

const exact = clientCase({
  id: 'dmtp-client/delivery/octets-as-they-are',
  title: 'The octets of the message go out as they are, without dot stuffing, and CRLF after them.',
  decides: ['DMTP-053'],
  operation: 'dmtp.deliver',
  mostRuns: 6,
  given: fc.record({ letter: letters, dual: fc.boolean() }),
  async check({ letter, dual }, context) {
    const { stage } = await delivered(context, 'DMTP-053', letter, { dual });
    const messages = stage.connections.flatMap((seen) => seen.messages);
    const expected = Buffer.concat([letter.message, Buffer.from('\r\n')]);
    const [message] = messages;
    const right = messages.length === 1 && message !== undefined && expected.equals(message);
    context.require('DMTP-053', right, `${letter.message.length} octets and CRLF, once`, () => {
      const at = expected.findIndex((octet, index) => octet !== message?.[index]);
      return `${messages.length} messages; the first has ${message?.length ?? 0} octets, differs at ${at}, ends with ${JSON.stringify(Buffer.from(message?.subarray(-8) ?? []).toString('latin1'))}`;
    });
    const after = stage.lines.slice(stage.lines.findIndex((line) => /^DATA/i.test(line)) + 1);
    const clean = after.every((line) => /^(QUIT|RSET|NOOP)$/i.test(line));
    context.require('DMTP-053', clean, 'nothing of the message behind it', JSON.stringify(after).slice(0, 300));
  },
});

const size = clientCase({
  id: 'dmtp-client/delivery/size-of-the-message',
  title: 'SIZE in MAIL is the number of octets of the message, without the line end after it.',
  decides: ['DMTP-090'],
  operation: 'dmtp.deliver',
  mostRuns: 4,
  given: letters,
  async check(letter, context) {
    const { of } = await delivered(context, 'DMTP-090', letter);
    const line = of('MAIL')[0]?.line ?? '';
    const found = /\bSIZE=(\S*)/i.exec(line)?.[1];
    // The named dialect has no SIZE.
    const right = isNamed(line) ? found === undefined : found === String(letter.message.length);
    context.require('DMTP-090', right, `SIZE=${letter.message.length}`, line);
  },
});

export const cases: readonly Case[] = [order, once, realFingerprints, fullFingerprints, parameters, exact, size];
