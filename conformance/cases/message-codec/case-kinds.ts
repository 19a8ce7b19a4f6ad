/** The forms that most message cases have: a wrong message is refused, a right one is read. */
import fc from 'fast-check';
import type { NakedInput, NakedWays } from '../../model/message-naked.js';
import type { Actor } from '../../model/message-tables.js';
import type { Octets } from '../../model/signet-builder.js';
import { type Case, defineCase } from '../case.js';
import { askDecrypt, askNaked, askParse, mustOpen, mustOpenNaked, mustParse, mustRefuse } from './message-calls.js';
import { type Draft, drafts, type Made, type Mail, mails, messageOf, nakedOf } from './message-inputs.js';

/** Messages cost some milliseconds each, those that a peer makes the most: agreement on keys is slow. */
const common = { class: 'message-codec', needs: ['adapter'] } as const;
export const parses = { ...common, operation: 'message.parse', mostRuns: 12 } as const;
export const decrypts = { ...common, operation: 'message.decrypt', mostRuns: 10 } as const;
export const encrypts = { ...common, operation: 'message.encrypt', mostRuns: 6 } as const;

export interface Facts {
  /** Behind `message/`. */
  readonly id: string;
  readonly title: string;
  readonly decides: string;
}

/** A message that is wrong in one place. */
export interface Wrong {
  readonly because: string;
  readonly message: (draft: Draft) => Octets;
}

/** `made` in another way. */
export const made = (because: string, how: Made): Wrong => ({ because, message: (draft) => messageOf(draft, how) });

/** The right message is parsed, the wrong one is not. */
export function refusingToParse({ id, title, decides }: Facts, wrong: fc.Arbitrary<Wrong>, right: Made = {}): Case {
  return defineCase({
    ...parses,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ draft: drafts(), wrong }),
    check: async ({ draft, wrong: { because, message } }, context) => {
      await mustParse(context, decides, 'dime-2015', messageOf(draft, right));
      mustRefuse(context, decides, await askParse(context, 'dime-2015', message(draft)), because);
    },
  });
}

/** The right message is opened by each of the actors, the wrong one by none of them. */
export function refusingToOpen(
  { id, title, decides }: Facts,
  who: readonly Actor[],
  wrong: fc.Arbitrary<Wrong>,
  { right = {}, given = drafts() }: { readonly right?: Made; readonly given?: fc.Arbitrary<Draft> } = {},
): Case {
  return defineCase({
    ...decrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ draft: given, actor: fc.constantFrom(...who), wrong }),
    check: async ({ draft, actor, wrong: { because, message } }, context) => {
      await mustOpen(context, decides, draft, messageOf(draft, right), actor);
      mustRefuse(context, decides, await askDecrypt(context, message(draft), actor), because);
    },
  });
}

/** Each of the actors opens the message and reads what he may. */
export function opening(
  { id, title, decides }: Facts,
  who: readonly Actor[],
  how: fc.Arbitrary<Made> = fc.constant({}),
  given: fc.Arbitrary<Draft> = drafts(),
): Case {
  return defineCase({
    ...decrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ draft: given, actor: fc.constantFrom(...who), how }),
    check: async ({ draft, actor, how: ways }, context) => {
      await mustOpen(context, decides, draft, messageOf(draft, ways), actor);
    },
  });
}

export interface WrongNaked {
  readonly because: string;
  readonly ways?: Partial<NakedWays>;
  readonly input?: Partial<NakedInput>;
  readonly mail?: (mail: Mail) => Mail;
}

/** The recipient opens the right naked message, and not the wrong one. */
export function refusingNaked({ id, title, decides }: Facts, wrong: fc.Arbitrary<WrongNaked>): Case {
  return defineCase({
    ...decrypts,
    id: `message/${id}`,
    title,
    decides: [decides],
    given: () => fc.record({ mail: mails, wrong }),
    check: async ({ mail, wrong: { because, ways, input, mail: changed = (same: Mail) => same } }, context) => {
      await mustOpenNaked(context, decides, mail, nakedOf(mail));
      mustRefuse(context, decides, await askNaked(context, nakedOf(changed(mail), ways, input)), because);
    },
  });
}
