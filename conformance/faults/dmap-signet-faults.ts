/** Seeded faults of a DMAP server: key ring and signet ring. */
import type { ReferenceHooks } from '../target/embedded.js';
import { answerCommand, bendDmap, bendStore, dmapTag, replaceCommand, replaceResponse } from './dmap-bending.js';
import type { Fault } from './fault.js';

/** Completions of some commands with another status. */
const ends = (to: RegExp, from: string, by: string): ReferenceHooks =>
  replaceResponse(new RegExp(`^\\S+ ${from} `), (response) => response.replace(` ${from} `, ` ${by} `), to);

/** Before a command that names something, something else is done with it; nobody hears of it. */
const first = (which: RegExp, command: string): ReferenceHooks =>
  answerCommand(which, (line, ask) => {
    ask(`zz ${command} ${line.split(' ')[2]}\r\n`);
    return ask(line);
  });

const keys: readonly Fault[] = [
  {
    id: 'dmap-signet/both-is-public',
    breaks: 'DMAP-276',
    title: 'gives the public part alone for BOTH',
    hooks: replaceCommand(/ GETKEY .* BOTH\r/i, (line) => line.replace(/ BOTH\r/i, ' PUBLIC\r')),
  },
  {
    id: 'dmap-signet/public-is-both',
    breaks: 'DMAP-276',
    title: 'gives both parts whatever was asked for',
    hooks: replaceCommand(/ GETKEY .* (?:PUBLIC|PRIVATE)\r/i, (line) => line.replace(/ \w+\r/, ' BOTH\r')),
  },
  {
    id: 'dmap-signet/unknown-key-ok',
    breaks: 'DMAP-277',
    title: 'answers GETKEY of an unknown key with OK',
    hooks: ends(/ GETKEY /i, 'NO', 'OK'),
  },
  {
    id: 'dmap-signet/wrong-arguments-no',
    breaks: 'DMAP-277',
    title: 'answers GETKEY with wrong arguments with NO',
    hooks: ends(/ GETKEY/i, 'BAD', 'NO'),
  },
  {
    id: 'dmap-signet/keys-in-any-case',
    breaks: 'DMAP-277',
    title: 'finds keys in any letter case',
    hooks: bendStore((store) => ({
      key: (account, id) => store.key(account, id) ?? store.key(account, id.toLowerCase()),
    })),
  },
  {
    id: 'dmap-signet/loses-private-parts',
    breaks: 'DMAP-278',
    title: 'keeps no private parts',
    hooks: bendStore((store) => ({
      addKey: (account, id, { publicPart }) => store.addKey(account, id, { publicPart, privatePart: null }),
    })),
  },
  {
    id: 'dmap-signet/changes-public-parts',
    breaks: 'DMAP-278',
    title: 'takes the NULs out of public parts',
    hooks: bendStore((store) => ({
      addKey: (account, id, key) =>
        store.addKey(account, id, { ...key, publicPart: key.publicPart.filter((octet) => octet !== 0) }),
    })),
  },
  {
    id: 'dmap-signet/replaces-keys',
    breaks: 'DMAP-279',
    title: 'puts a key in the place of the one with its id',
    hooks: first(/^\S+ ADDKEY \S+ /i, 'DELETEKEY'),
  },
  {
    id: 'dmap-signet/private-part-stays',
    breaks: 'DMAP-281',
    title: 'keeps the private part of a key that was deleted, for the next one with its id',
    freshHooks: () => {
      const left = new Map<string, Uint8Array | null>();
      return bendStore((store) => ({
        deleteKey: (account, id) => {
          left.set(id, store.key(account, id)?.privatePart ?? null);
          store.deleteKey(account, id);
        },
        addKey: (account, id, key) =>
          store.addKey(account, id, { ...key, privatePart: key.privatePart ?? left.get(id) ?? null }),
      }));
    },
  },
  {
    id: 'dmap-signet/deletes-no-key',
    breaks: 'DMAP-281',
    title: 'answers DELETEKEY with OK and keeps the key',
    hooks: bendStore((store) => ({
      deleteKey: (account, id) => {
        if (store.key(account, id) === null) store.deleteKey(account, id);
      },
    })),
  },
  {
    id: 'dmap-signet/deletes-unknown-keys',
    breaks: 'DMAP-282',
    title: 'answers DELETEKEY of an unknown key with OK',
    hooks: ends(/ DELETEKEY /i, 'NO', 'OK'),
  },
  {
    id: 'dmap-signet/deletes-and-says-no',
    breaks: 'DMAP-283',
    title: 'answers DELETEKEY with NO when the key is gone',
    hooks: ends(/ DELETEKEY /i, 'OK', 'NO'),
  },
  {
    id: 'dmap-signet/used-keys-seem-to-go',
    breaks: 'DMAP-283',
    title: 'answers DELETEKEY of a key that stays with OK',
    hooks: replaceResponse(/^\S+ NO \[INUSE\]/, (response) => response.replace('NO [INUSE]', 'OK'), / DELETEKEY /i),
  },
  {
    id: 'dmap-signet/leaves-a-key-out',
    breaks: 'DMAP-284',
    title: 'lists all keys but the newest',
    hooks: bendStore((store) => ({ keyIds: (account) => store.keyIds(account).slice(0, -1) })),
  },
  {
    id: 'dmap-signet/lists-keys-twice',
    breaks: 'DMAP-284',
    title: 'lists each key twice',
    hooks: replaceResponse(/^\* KEY /, (response) => response + response, / LISTKEYS/i),
  },
  {
    id: 'dmap-signet/lists-parts',
    breaks: 'DMAP-285',
    title: 'gives a part of each key in LISTKEYS',
    hooks: replaceResponse(/^\* KEY \S+\r/, (response) => response.replace('\r', ' (PUBLIC "key")\r'), / LISTKEYS/i),
  },
];

const signets: readonly Fault[] = [
  {
    id: 'dmap-signet/replaces-signets',
    breaks: 'DMAP-286',
    title: 'puts a signet in the place of the one of its address',
    hooks: first(/^\S+ ADDSIGNET \S+ /i, 'DELETESIGNET'),
  },
  {
    id: 'dmap-signet/deletes-no-signet',
    breaks: 'DMAP-286',
    title: 'answers DELETESIGNET with OK and keeps the signet',
    hooks: bendStore(() => ({ deleteSignet: () => undefined })),
  },
  {
    id: 'dmap-signet/not-while-selected',
    breaks: 'DMAP-286',
    title: 'refuses GETSIGNET while a mailbox is selected',
    hooks: bendDmap(() => {
      let selected = false;
      return {
        line: (line, ask) => {
          if (/ (?:SELECT|EXAMINE) /.test(line)) selected = true;
          return selected && / GETSIGNET /.test(line) ? `${dmapTag(line)} BAD Leave the mailbox first.\r\n` : ask(line);
        },
      };
    }),
  },
  {
    id: 'dmap-signet/cuts-signets',
    breaks: 'DMAP-286',
    title: 'gives signets without their last octet',
    hooks: bendStore((store) => ({
      signet: (account, address) => {
        const kept = store.signet(account, address);
        return kept === null ? null : { ...kept, octets: kept.octets.subarray(0, -1) };
      },
    })),
  },
  {
    id: 'dmap-signet/addresses-tell-case-apart',
    breaks: 'DMAP-287',
    title: 'tells letter case in addresses apart',
    hooks: bendStore((store) => ({
      signet: (account, address) => {
        const kept = store.signet(account, address);
        return kept?.address === address ? kept : null;
      },
    })),
  },
  {
    id: 'dmap-signet/beginnings-of-addresses',
    breaks: 'DMAP-287',
    title: 'finds the signet of an address that is all of another but the last letter',
    hooks: answerCommand(/ GETSIGNET /i, (line, ask) => {
      const answer = ask(line);
      return answer.includes(' NO ') ? ask(line.replace(/.\r\n$/, '\r\n')) : answer;
    }),
  },
  {
    id: 'dmap-signet/percent-passes-at',
    breaks: 'DMAP-288',
    title: 'takes % for any run, with @ in it too',
    hooks: replaceCommand(/ LISTSIGNETS .*%/i, (line) => line.replaceAll('%', '*')),
  },
  {
    id: 'dmap-signet/lists-all-signets',
    breaks: 'DMAP-288',
    title: 'lists all signets whatever the pattern',
    hooks: replaceCommand(/ LISTSIGNETS /i, (line) => line.replace(/ LISTSIGNETS .*\r/i, ' LISTSIGNETS\r')),
  },
];

export const faults: readonly Fault[] = [...keys, ...signets];
