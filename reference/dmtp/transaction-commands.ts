/** MAIL, RCPT, DATA and RSET: sections 12.3 and 12.4 of the DMTP digest. */
import { accept, type Handler, isDomain, isFingerprint, printableToken, refuse } from './conversation.js';
import { indexOf } from './signet-commands.js';

export const mail: Handler = (conversation, command) => {
  const { arguments: args } = command;
  const origin = args.from?.toLowerCase() ?? '';
  if (!isDomain(command, origin) || !isFingerprint(args.fingerprint)) return refuse('invalidMail');
  if (args.size !== undefined && args.size > conversation.messageOctets) return refuse('mailTooLarge');
  if (conversation.numberedCodes) {
    const chain = conversation.store.signets(origin) ?? [];
    // Of a foreign origin no signet is known here, so nothing can be held against its fingerprint.
    if (chain.length > 0 && indexOf(chain, args.fingerprint) === -1) return refuse('mailOutdatedSignet');
  }
  conversation.transaction = {
    origin,
    originFingerprint: args.fingerprint,
    octets: args.size ?? null,
    destination: null,
  };
  return accept('mail');
};

export const rcpt: Handler = (conversation, command) => {
  const { arguments: args } = command;
  const { transaction, domains, store, numberedCodes } = conversation;
  const destination = args.to?.toLowerCase() ?? '';
  if (transaction === null) throw new Error('RCPT was let through without a transaction');
  if (!isDomain(command, destination) || !isFingerprint(args.fingerprint)) return refuse('invalidRcpt');
  const { domain: first = destination } = transaction.destination ?? {};
  if (first !== destination) return refuse('secondDestination');
  if (!domains.has(destination)) return refuse('rcptNotServed');
  if (numberedCodes) {
    const chain = store.signets(destination) ?? [];
    const index = indexOf(chain, args.fingerprint);
    if (index !== -1 && index < chain.length - 1) return refuse('rcptOutdatedSignet');
  }
  transaction.destination = { domain: destination, fingerprint: args.fingerprint };
  return accept('rcpt');
};

/** The session takes the message after this. libdime's client wants one token in the brackets (section 12.7). */
export const data: Handler = (_, { arguments: { hash } }) =>
  accept('goAhead', { hash: hash === undefined ? 'NONE' : printableToken(hash, '-') });

export const rset: Handler = (conversation) => {
  conversation.transaction = null;
  return accept('rset');
};
