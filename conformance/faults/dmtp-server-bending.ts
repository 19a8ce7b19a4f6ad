/** How a fault bends what lies behind the sessions of the reference server: its store, and who judges its messages. */
import type { ArrivedMail, Judge, Judgement, ReferenceHooks } from '../target/embedded.js';
import { bendSessions, type SessionBend } from './session-bending.js';

export type Store = Parameters<NonNullable<ReferenceHooks['store']>>[0];
type RefusalReason = Extract<Judgement, { readonly accepted: false }>['reason'];

/** Sessions are bent by what the store holds. `make` is called for each session. */
export const bendByStore = (make: (store: Store) => SessionBend) => (): ReferenceHooks => {
  let known: Store | null = null;
  return {
    store: (store) => {
      known = store;
      return store;
    },
    ...bendSessions(() => {
      if (known === null) throw new Error('a session was made before its store');
      return make(known);
    }),
  };
};

/** Some calls of the store do something else. */
export const bendStore = (change: (store: Store) => Partial<Store>): ReferenceHooks => ({
  store: (store) => ({
    signets: (name) => store.signets(name),
    hasAccount: (address) => store.hasAccount(address),
    lockOf: (address) => store.lockOf(address),
    holds: (fingerprint) => store.holds(fingerprint),
    receive: (envelope) => store.receive(envelope),
    ...change(store),
  }),
});

/** Messages are judged by `change`, which may ask the right judge. */
export const bendJudge = (change: (mail: ArrivedMail, judge: Judge) => Promise<Judgement>): ReferenceHooks => ({
  judge: (judge) => (mail) => change(mail, judge),
});

/** Messages that are refused for one of these reasons are refused for another, or taken. */
export const judgedOtherwise = (
  reasons: readonly RefusalReason[],
  instead: RefusalReason | 'accepted',
): ReferenceHooks =>
  bendJudge(async (mail, judge) => {
    const right = await judge(mail);
    if (right.accepted || !reasons.includes(right.reason)) return right;
    return instead === 'accepted' ? { accepted: true, recipient: null } : { accepted: false, reason: instead };
  });
