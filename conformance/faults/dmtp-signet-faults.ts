/** Seeded faults of a DMTP server: SGNT, VRFY and HIST. */
import { createHash } from 'node:crypto';
import { bendByStore, type Store } from './dmtp-server-bending.js';
import type { Fault } from './fault.js';
import { type Ask, answerLines, bendSessions, rewriteReplies, says, succeeded } from './session-bending.js';

const numbered = { numberedCodes: true } as const;

const inBrackets = /\[([^\]]*)\]/;
const lastBrackets = / *\[[^\]]*\](\r?\n)$/;
/** The base64 in a reply becomes something else. */
const rewritten = (change: (base64: string) => string): NonNullable<Fault['hooks']> =>
  rewriteReplies(/^SGNT/i, (reply) =>
    succeeded(reply) ? reply.replace(inBrackets, (_, base64: string) => `[${change(base64)}]`) : reply,
  );

/** What the right session answers to this, when the line itself is refused. */
const whenRefused = (which: RegExp, instead: (line: string, ask: Ask) => string): NonNullable<Fault['hooks']> =>
  answerLines(which, (line, ask) => {
    const reply = ask(line);
    return succeeded(reply) ? reply : instead(line, ask);
  });

const whenFound = (
  which: RegExp,
  instead: (line: string, ask: Ask, reply: string) => string,
): NonNullable<Fault['hooks']> =>
  answerLines(which, (line, ask) => {
    const reply = ask(line);
    return succeeded(reply) ? instead(line, ask, reply) : reply;
  });

const sgntFaults: readonly Fault[] = [
  {
    id: 'dmtp-signet/signet-on-two-lines',
    breaks: 'DMTP-056',
    title: 'sends the signet on a line of its own and OK after it',
    hooks: rewriteReplies(/^SGNT/i, (reply) => reply.replace(/^250 OK (\[.*\])/, '250-$1\r\n250 OK')),
  },
  {
    id: 'dmtp-signet/signet-without-ok',
    breaks: 'DMTP-056',
    title: 'sends the signet without OK before it',
    hooks: rewriteReplies(/^SGNT/i, (reply) => reply.replace(/^250 OK /, '250 ')),
  },
  {
    id: 'dmtp-signet/signet-in-hexadecimal',
    breaks: 'DMTP-056',
    title: 'sends the signet in hexadecimal',
    hooks: rewritten((base64) => Buffer.from(base64, 'base64').toString('hex')),
  },
  {
    id: 'dmtp-signet/signet-in-the-other-alphabet',
    breaks: 'DMTP-056',
    title: 'sends the signet in base64url',
    hooks: rewritten((base64) => Buffer.from(base64, 'base64').toString('base64url')),
  },
  {
    id: 'dmtp-signet/signet-cut-short',
    breaks: 'DMTP-056',
    title: 'sends the signet without its last octets',
    hooks: rewritten((base64) => Buffer.from(base64, 'base64').subarray(0, -30).toString('base64')),
  },
  {
    id: 'dmtp-signet/numbers-not-used',
    breaks: 'DMTP-057',
    title: 'claims the numbered codes and answers SGNT with 250',
    hooks: rewriteReplies(/^SGNT/i, (reply) => reply.replace(/^2[78]0/, '250')),
    flavour: numbered,
  },
  {
    id: 'dmtp-signet/numbers-swapped',
    breaks: 'DMTP-057',
    title: 'answers SGNT for a domain with 280 and for an address with 270',
    hooks: rewriteReplies(/^SGNT/i, (reply) =>
      reply.replace(/^2([78])0/, (_, digit: string) => (digit === '7' ? '280' : '270')),
    ),
    flavour: numbered,
  },
  {
    id: 'dmtp-signet/current-for-any-fingerprint',
    breaks: 'DMTP-058',
    title: 'gives the current signet to one who asks for an older one',
    hooks: whenFound(/^SGNT.*\[/i, (line, ask) => ask(line.replace(/ *(?:FINGERPRINT=)?\[[^\]]*\]/i, ''))),
  },
  {
    id: 'dmtp-signet/oldest-as-the-current',
    breaks: 'DMTP-058',
    title: 'gives the oldest signet of a user as the current one',
    hooks: answerLines(/^SGNT[^[]*@[^[]*$/i, (line, ask) => {
      const first = inBrackets.exec(ask(`HIST USER=<${/<(.*)>/.exec(line)?.[1]}>\r\n`))?.[1];
      return first === undefined ? ask(line) : `250 OK [${first}]\r\n`;
    }),
  },
  {
    id: 'dmtp-signet/one-signet-for-all-at-once',
    breaks: 'DMTP-058',
    title: 'answers every SGNT of a burst with the signet of the first',
    hooks: bendSessions(() => {
      let first: string | null = null;
      return {
        chunk: (octets) => {
          first = null;
          return octets;
        },
        line: (line, ask) => {
          if (/^SGNT[^[]*$/i.test(line)) first ??= line;
          return ask(/^SGNT[^[]*$/i.test(line) ? (first ?? line) : line);
        },
      };
    }),
  },
  {
    id: 'dmtp-signet/names-in-lower-case-only',
    breaks: 'DMTP-058',
    title: 'finds no signet when a domain is written in upper case',
    hooks: answerLines(/^SGNT.*<[^>]*[A-Z]/, says('450 SIGNET NOT FOUND.')),
  },
];

const vrfyFaults: readonly Fault[] = [
  {
    id: 'dmtp-signet/everything-current',
    breaks: 'DMTP-060',
    title: 'says CURRENT to the fingerprint of an older signet',
    hooks: rewriteReplies(/^VRFY/i, (reply) => reply.replace(/^(250) UPDATE.*/, '$1 CURRENT')),
  },
  {
    id: 'dmtp-signet/update-to-the-same',
    breaks: 'DMTP-060',
    title: 'names the fingerprint it was asked about after UPDATE',
    hooks: answerLines(/^VRFY/i, (line, ask) =>
      ask(line).replace(/UPDATE \[.*\]/, `UPDATE ${inBrackets.exec(line)?.[0]}`),
    ),
  },
  {
    id: 'dmtp-signet/update-to-the-next',
    breaks: 'DMTP-060',
    title: 'names the signet that followed, not the newest one, after UPDATE',
    freshHooks: bendByStore((store) => ({
      line: (line, ask) => {
        const reply = ask(line);
        if (!/^VRFY/i.test(line) || !reply.includes('UPDATE')) return reply;
        const chain = chainIn(store, line);
        const asked = inBrackets.exec(line)?.[1] ?? '';
        const at = chain.findIndex(({ fingerprints }) => Object.values(fingerprints).includes(asked));
        return `250 UPDATE [${chain[at + 1]?.fingerprints.full}]\r\n`;
      },
    })),
  },
  {
    id: 'dmtp-signet/current-in-other-words',
    breaks: 'DMTP-060',
    title: 'says UP TO DATE in the place of CURRENT',
    hooks: rewriteReplies(/^VRFY/i, (reply) => reply.replace('CURRENT', 'UP TO DATE')),
  },
  {
    id: 'dmtp-signet/update-in-angle-brackets',
    breaks: 'DMTP-114',
    title: 'puts the fingerprint after UPDATE into angle brackets',
    hooks: rewriteReplies(/^VRFY/i, (reply) => reply.replace(/UPDATE \[(.*)\]/, 'UPDATE <$1>')),
  },
  {
    id: 'dmtp-signet/two-answers-to-vrfy',
    breaks: 'DMTP-107',
    title: 'goes on after the 501 to a VRFY without fingerprint and sends a second answer',
    hooks: whenRefused(/^VRFY[^[]*(?:\[\])?\s*$/i, says('501 INVALID VRFY PARAMETER.\r\n450 SIGNET NOT FOUND.')),
  },
  {
    id: 'dmtp-signet/vrfy-without-fingerprint-not-found',
    breaks: 'DMTP-107',
    title: 'answers VRFY without fingerprint with 450',
    hooks: whenRefused(/^VRFY[^[]*(?:\[\])?\s*$/i, says('450 SIGNET NOT FOUND.')),
  },
];

/** The lines of a history become others. `signets` are those before the last. */
const history = (change: (signets: string[]) => string[]): NonNullable<Fault['hooks']> =>
  whenFound(/^HIST/i, (_, __, reply) => {
    const lines = reply.split(/(?<=\n)/);
    return [...change(lines.slice(0, -1)), ...lines.slice(-1)].join('');
  });
/** All but one of them, if there is more than one. */
const without = (signets: string[], at: 0 | -1): string[] =>
  signets.length < 2 ? signets : at === 0 ? signets.slice(1) : signets.slice(0, -1);

const histFaults: readonly Fault[] = [
  {
    id: 'dmtp-signet/history-without-a-last-line',
    breaks: 'DMTP-061',
    title: 'ends a history with its last signet',
    hooks: rewriteReplies(/^HIST/i, (reply) => reply.replace(/250-(\[[^\]]*\]\r\n)250 OK\r\n$/, '250 $1')),
  },
  {
    id: 'dmtp-signet/history-on-one-line',
    breaks: 'DMTP-061',
    title: 'puts all signets of a history on one line',
    hooks: rewriteReplies(/^HIST/i, (reply) => reply.replace(/\r\n250-/g, ' ')),
  },
  {
    id: 'dmtp-signet/history-without-brackets',
    breaks: 'DMTP-061',
    title: 'sends the signets of a history without brackets',
    hooks: rewriteReplies(/^HIST/i, (reply) => reply.replace(/^250-\[(.*)\]/gm, '250-$1')),
  },
  {
    id: 'dmtp-signet/whole-history-without-start',
    breaks: 'DMTP-108',
    title: 'lists the newest signet when HIST has no first fingerprint',
    hooks: answerLines(/^HIST <[^>]*>\s*(?:\[\])?\s*$/i, (line, ask) => {
      const found = ask(`SGNT ${/<.*>/.exec(line)?.[0]}\r\n`);
      return succeeded(found) ? `250-${inBrackets.exec(found)?.[0]}\r\n250 OK\r\n` : ask(line);
    }),
  },
  {
    id: 'dmtp-signet/history-without-start-not-found',
    breaks: 'DMTP-108',
    title: 'answers HIST without a first fingerprint with 450',
    hooks: answerLines(/^HIST <[^>]*>\s*(?:\[\])?\s*$/i, says('450 SIGNET NOT FOUND.')),
  },
  {
    id: 'dmtp-signet/newest-first',
    breaks: 'DMTP-109',
    title: 'lists the newest signet first',
    hooks: history((signets) => signets.toReversed()),
  },
  {
    id: 'dmtp-signet/start-left-out',
    breaks: 'DMTP-109',
    title: 'lists what follows the first fingerprint, without its own signet',
    hooks: history((signets) => without(signets, 0)),
  },
  {
    id: 'dmtp-signet/stop-left-out',
    breaks: 'DMTP-109',
    title: 'lists what stands before the last fingerprint, without its own signet',
    hooks: history((signets) => without(signets, -1)),
  },
  {
    id: 'dmtp-signet/stop-ignored',
    breaks: 'DMTP-109',
    title: 'lists up to the newest signet whatever the last fingerprint is',
    hooks: whenFound(/^HIST.*\].*\]/i, (line, ask) => ask(line.replace(/ *(?:STOP=)?\[[^\]]*\](\s*)$/i, '$1'))),
  },
  {
    id: 'dmtp-signet/missing-start-is-the-newest',
    breaks: 'DMTP-109',
    title: 'lists from the newest signet when the named dialect gives no first fingerprint',
    hooks: whenFound(/^HIST USER=<[^>]*>\s*(?:STOP=|$)/i, (_, __, reply) =>
      reply
        .split(/(?<=\n)/)
        .slice(-2)
        .join(''),
    ),
  },
  {
    id: 'dmtp-signet/range-turned-round',
    breaks: 'DMTP-110',
    title: 'lists from the last fingerprint to the first when they stand the other way round',
    hooks: whenRefused(/^HIST.*\].*\]/i, (line, ask) =>
      ask(line.replace(/\[([^\]]*)\](.*)\[([^\]]*)\]/, '[$3]$2[$1]')),
    ),
  },
  {
    id: 'dmtp-signet/unreached-stop-ignored',
    breaks: 'DMTP-110',
    title: 'lists up to the newest signet when the last fingerprint is not reached',
    hooks: whenRefused(/^HIST <.*\].*\]/i, (line, ask) => ask(line.replace(lastBrackets, '$1'))),
  },
  {
    id: 'dmtp-signet/no-history-of-domains',
    breaks: 'DMTP-111',
    title: 'answers HIST for a domain with 450',
    hooks: answerLines(/^HIST <[^>@]*>/i, says('450 SIGNET NOT FOUND.')),
  },
  {
    id: 'dmtp-signet/newest-as-the-history-of-a-domain',
    breaks: 'DMTP-111',
    title: 'gives the newest signet as the whole history of a domain',
    hooks: whenFound(/^HIST <[^>@]*>/i, (_, __, reply) =>
      reply
        .split(/(?<=\n)/)
        .slice(-2)
        .join(''),
    ),
  },
];

const fullFingerprint = (base64: string): string =>
  createHash('sha512').update(Buffer.from(base64, 'base64').subarray(5)).digest('base64').replace(/=+$/, '');

/** SGNT and VRFY find a signet by the full fingerprint alone, HIST by the others. */
const kindsApart = answerLines(/^(?:SGNT|VRFY|HIST).*\[/i, (line, ask) => {
  const reply = ask(line);
  const found = inBrackets.exec(/^HIST/i.test(line) ? reply : ask(line.replace(/^VRFY/i, 'SGNT')))?.[1];
  if (!succeeded(reply) || found === undefined) return reply;
  const full = fullFingerprint(found) === inBrackets.exec(line)?.[1];
  return full === !/^HIST/i.test(line) ? reply : '450 SIGNET NOT FOUND.\r\n';
});

const chainIn = (store: Store, line: string): NonNullable<ReturnType<Store['signets']>> =>
  store.signets(/<([^>]*)>/.exec(line)?.[1]?.toLowerCase() ?? '') ?? [];

/** The session is asked with the fingerprint that a careless comparison takes the one asked for to be. */
const takenFor = (alike: (known: string, asked: string) => boolean): NonNullable<Fault['freshHooks']> =>
  bendByStore((store) => ({
    line: (line, ask) => {
      if (!/^(?:SGNT|VRFY|HIST)/i.test(line)) return ask(line);
      const known = chainIn(store, line).flatMap(({ fingerprints }) => Object.values(fingerprints));
      return ask(
        line.replace(/\[([^\]]*)\]/g, (whole, asked: string) => {
          const found = known.find((each) => asked !== '' && alike(each, asked));
          return found === undefined ? whole : `[${found}]`;
        }),
      );
    },
  }));

const fingerprintFaults: readonly Fault[] = [
  {
    id: 'dmtp-signet/a-kind-for-each-command',
    breaks: 'DMTP-112',
    title: 'finds signets by full fingerprints in SGNT and VRFY, and by others in HIST',
    hooks: kindsApart,
  },
  {
    id: 'dmtp-signet/fingerprints-in-any-case',
    breaks: 'DMTP-113',
    title: 'compares fingerprints without regard to letter case',
    freshHooks: takenFor((known, asked) => known.toLowerCase() === asked.toLowerCase()),
  },
  {
    id: 'dmtp-signet/fingerprints-by-their-beginning',
    breaks: 'DMTP-113',
    title: 'takes the beginning of a fingerprint for all of it',
    freshHooks: takenFor((known, asked) => known.startsWith(asked)),
  },
  {
    id: 'dmtp-signet/surplus-of-a-fingerprint-ignored',
    breaks: 'DMTP-113',
    title: 'compares as many characters as its own fingerprint has',
    freshHooks: takenFor((known, asked) => asked.startsWith(known)),
  },
  {
    id: 'dmtp-signet/nonces-in-any-case',
    breaks: 'DMTP-113',
    title: 'compares the nonce of STATS without regard to letter case',
    hooks: bendSessions(() => {
      let nonce = '';
      return {
        line: (line, ask) => {
          const asked = /^STATS \[(.*)\]/i.exec(line)?.[1];
          if (asked?.toLowerCase() === nonce.toLowerCase()) return ask(`STATS [${nonce}]\r\n`);
          const reply = ask(line);
          nonce = /ONCE \[(.*)\]/.exec(reply)?.[1] ?? nonce;
          return reply;
        },
      };
    }),
  },
  {
    id: 'dmtp-signet/malformed-stop-ignored',
    breaks: 'DMTP-116',
    title: 'takes a malformed last fingerprint of HIST as absent',
    hooks: whenRefused(/^HIST <[^>]*> \[[^\]]+\] ./i, (line, ask) =>
      ask(line.replace(/^(HIST <[^>]*> \[[^\]]+\]).*\r\n$/i, '$1\r\n')),
    ),
  },
  {
    id: 'dmtp-signet/malformed-fingerprint-not-found',
    breaks: 'DMTP-116',
    title: 'answers a malformed fingerprint in SGNT with 450',
    hooks: rewriteReplies(/^SGNT/i, (reply) => reply.replace(/^501 INVALID.*/, '450 SIGNET NOT FOUND.')),
  },
  {
    id: 'dmtp-signet/domain-for-an-unknown-user',
    breaks: 'DMTP-106',
    title: 'gives the signet of the domain for a user whom nobody knows',
    hooks: whenRefused(/^SGNT <[^>]*@/i, (line, ask) => ask(line.replace(/<[^>]*@([^>]*)>.*/, '<$1>'))),
  },
  {
    id: 'dmtp-signet/unknown-fingerprint-current',
    breaks: 'DMTP-106',
    title: 'says CURRENT to fingerprints that nobody has',
    hooks: rewriteReplies(/^VRFY/i, (reply) => reply.replace(/^450.*/, '250 CURRENT')),
  },
  {
    id: 'dmtp-signet/history-from-an-unknown-start',
    breaks: 'DMTP-106',
    title: 'answers HIST from an unknown fingerprint with an empty history',
    hooks: rewriteReplies(/^HIST/i, (reply) => reply.replace(/^450.*/, '250 OK')),
  },
  {
    id: 'dmtp-signet/signets-with-another-code',
    breaks: 'DMTP-020',
    title: 'sends signets with 200',
    hooks: rewriteReplies(/^SGNT/i, (reply) => reply.replace(/^250/, '200')),
  },
  {
    id: 'dmtp-signet/update-with-another-code',
    breaks: 'DMTP-020',
    title: 'answers VRFY for an older signet with 251',
    hooks: rewriteReplies(/^VRFY/i, (reply) => reply.replace(/^250 UPDATE/, '251 UPDATE')),
  },
  {
    id: 'dmtp-signet/one-number-for-histories',
    breaks: 'DMTP-020',
    title: 'claims the numbered codes and answers HIST with 290 when it has the newest signet only',
    hooks: rewriteReplies(/^HIST/i, (reply) => reply.replace(/^291/gm, '290')),
    flavour: numbered,
  },
];

export const faults: readonly Fault[] = [...sgntFaults, ...vrfyFaults, ...histFaults, ...fingerprintFaults];
