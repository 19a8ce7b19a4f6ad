/** The codes of the signet commands: those of section 12.4, or those of the reading `numbered-codes`. */
import fc from 'fast-check';
import { type Case, defineCase } from '../case.js';
import { requireCode } from '../dmtp/answers.js';
import { chainOf, fingerprintIn, hist, kindFor, type Line, names, sgnt, vrfy } from './asking.js';

const asked = fc.constantFrom('SGNT', 'VRFY current', 'VRFY update', 'HIST', 'HIST of the newest');

/** In the reading: for a domain, for an address (section 12.5). 250 is right for SGNT as well (DMTP-057). */
const numbered: Readonly<Record<string, readonly [number[], number[]]>> = {
  SGNT: [
    [270, 250],
    [280, 250],
  ],
  'VRFY current': [[271], [281]],
  'VRFY update': [[270], [280]],
  HIST: [[290], [290]],
  'HIST of the newest': [[291], [291]],
};

export const cases: readonly Case[] = [
  defineCase({
    id: 'dmtp-signet/codes/of-what-is-found',
    title: 'SGNT, VRFY and HIST are answered with 250 when they find something, or with the numbers of numbered-codes.',
    class: 'dmtp-signet',
    decides: ['DMTP-020'],
    needs: ['dmtp', 'history'],
    timesRuns: 2,
    given: (profile) =>
      fc
        .record({ name: names(profile, { atLeast: 2 }), what: asked })
        // A domain need not have a history (section 12.6).
        .filter(({ name, what }) => name.includes('@') || !what.startsWith('HIST')),
    async check({ name, what }, context) {
      const { connection } = await context.open();
      const chain = chainOf(context, name);
      const line = what.startsWith('HIST') ? hist : vrfy;
      const address = name.includes('@');
      const kind = await kindFor(context, connection, chain, (fingerprint) => line(name, fingerprint));
      const old = what === 'VRFY update' || what === 'HIST';
      const fingerprint = fingerprintIn(chain.signets.at(old ? 0 : -1), kind);
      const sent: Line = what === 'SGNT' ? sgnt(name) : line(name, fingerprint);
      const reply = await context.ask(connection, sent('positional'));
      const reading = context.profile.readings.includes('numbered-codes');
      const codes = reading ? (numbered[what]?.[address ? 1 : 0] ?? []) : [250];
      requireCode(context, 'DMTP-020', reply, codes, `${what} for ${address ? 'an address' : 'a domain'}`);
    },
  }),
];
