/**
 * What a programmer without a grammar would write: one regular expression for each rule that is a whole line, reply or
 * record. They take the same texts (line-expressions.test.ts) and say no more than whether it is one.
 */

/** Letters of both cases; JavaScript has no flag for a part of an expression. */
const anyCase = (word: string): string =>
  word.replace(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
const oneOf = (...parts: string[]): string => `(?:${parts.join('|')})`;

const blank = '[ \\t]';
const lineEnd = '\\r?\\n';
const nameEnd = '(?=[ \\t<[\\r\\n])';
const domain = '[A-Za-z0-9.-]+';
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const angleDomain = `<${domain}>`;
const angleName = `<(?:${atom}(?:\\.${atom})*@)?${domain}>`;
const square = '\\[[^\\]\\r\\n]+\\]';
const modeWord = oneOf(...['DMTPv1', 'DMTP', 'ESMTP', 'SMTP'].map(anyCase));
const positive = '0*[1-9][0-9]*';

const size = `${anyCase('SIZE')}=${positive}`;
const returns = `${anyCase('RETURN')}=${oneOf(...['FULL', 'DISPLAY', 'HEADER'].map(anyCase))}`;
const kind = `${anyCase('DATA')}=${oneOf(anyCase('7BIT'), anyCase('8BIT'))}`;
const mailParameters = oneOf(
  `${size}(?:${blank}+${oneOf(`${returns}(?:${blank}+${kind})?`, `${kind}(?:${blank}+${returns})?`)})?`,
  `${returns}${blank}+${oneOf(`${size}(?:${blank}+${kind})?`, `${kind}${blank}+${size}`)}`,
  `${kind}${blank}+${oneOf(`${size}(?:${blank}+${returns})?`, `${returns}${blank}+${size}`)}`,
);

const positional = oneOf(
  `${anyCase('NOOP')}${nameEnd}[^\\r\\n]*`,
  `${anyCase('SGNT')}${blank}*${angleName}(?:${blank}*${square})?`,
  `${anyCase('VRFY')}${blank}*${angleName}${blank}*${square}`,
  `${anyCase('HIST')}${blank}*${angleName}${blank}*${square}(?:${blank}*${square})?`,
  `${anyCase('MAIL FROM')}:?${blank}*${angleDomain}${blank}*${square}${blank}*${mailParameters}`,
  `${anyCase('RCPT TO')}:?${blank}*${angleDomain}${blank}*${square}`,
  `${oneOf(anyCase('DATA'), anyCase('STATS'))}${nameEnd}(?:${blank}*${square})?`,
  `${oneOf(anyCase('EHLO'), anyCase('HELO'))}${blank}*${angleDomain}`,
  `${anyCase('STARTTLS')}${blank}*${angleDomain}(?:${blank}*${anyCase('MODE')}=${modeWord})?`,
  `${anyCase('HELP')}(?:${blank}+[^ \\t\\r\\n]+)*`,
  `${oneOf(...['RSET', 'VERB', 'MODE', 'QUIT'].map(anyCase))}${nameEnd}`,
);

const namedAngle = '<[^>\\r\\n]*>';
const namedSquare = '\\[[^\\]\\r\\n]*\\]';
const namedWord = '[^ \\t\\r\\n]*';
const namedName = `(?:USER|DOMAIN)=${namedAngle}`;
const namedOnly = oneOf(
  `STARTTLS${blank}+HOST=${namedAngle}(?:${blank}+MODE=${namedWord})?`,
  `(?:HELO|EHLO)${blank}+HOST=${namedAngle}`,
  `MAIL${blank}+FROM=${namedAngle}${blank}+FINGERPRINT=${namedSquare}`,
  `RCPT${blank}+TO=${namedAngle}${blank}+FINGERPRINT=${namedSquare}`,
  `SGNT${blank}+${namedName}(?:${blank}+FINGERPRINT=${namedSquare})?`,
  `HIST${blank}+USER=${namedAngle}(?:${blank}+START=${namedSquare})?(?:${blank}+STOP=${namedSquare})?`,
  `VRFY${blank}+${namedName}${blank}+FINGERPRINT=${namedSquare}`,
);
const namedShort = oneOf(`NOOP(?:${blank}+=${namedWord}){0,3}`, `(?:MODE|RSET|HELP|QUIT|DATA)${nameEnd}`);

const firstName = '(?:(?:HOST|USER|DOMAIN)=)?';
const anyAngle = '<[^>\\r\\n]+>';
const hostVerb = oneOf(...['STARTTLS', 'EHLO', 'HELO'].map(anyCase)) + nameEnd;
const signetVerb = oneOf(...['SGNT', 'HIST', 'VRFY'].map(anyCase)) + nameEnd;
const mailVerb = anyCase('MAIL') + nameEnd;
const rcptVerb = anyCase('RCPT') + nameEnd;
const mailPrefix = `${blank}+${anyCase('FROM')}[=:]?`;
const rcptPrefix = `${blank}+${anyCase('TO')}[=:]?`;
const mailKey = `${oneOf(...['SIZE', 'RETURN', 'DATA'].map(anyCase))}=`;
const mailKeys = `(?:${blank}+${mailKey}[^ \\t\\r\\n]*)*${blank}+(?!${mailKey})[^ \\t\\r\\n=]+=`;
const breaches = [
  `${oneOf(anyCase('EHLO'), anyCase('HELO'))}${nameEnd}[^<>]*$`,
  `${anyCase('STARTTLS')}${nameEnd}${blank}*${lineEnd}$`,
  `${hostVerb}${blank}*${firstName}${angleDomain}`,
  `${hostVerb}${blank}*${firstName}${anyAngle}(?:${blank}*${anyCase('MODE')}=${modeWord})?${blank}*${lineEnd}$`,
  hostVerb,
  `${mailVerb}${mailPrefix}${blank}*${angleDomain}${blank}*${square}${mailKeys}`,
  `${mailVerb}${mailPrefix}${blank}*${anyAngle}`,
  `${rcptVerb}${rcptPrefix}${blank}*${anyAngle}`,
  oneOf(mailVerb, rcptVerb),
  `${signetVerb}${blank}*${firstName}${anyAngle}`,
  signetVerb,
  `${anyCase('DATA')}${nameEnd}${blank}*${square}`,
  anyCase('DATA') + nameEnd,
  anyCase('STATS') + nameEnd,
  oneOf(...['RSET', 'VERB', 'MODE', 'QUIT'].map(anyCase)) + nameEnd,
  oneOf(anyCase('HELP'), anyCase('NOOP')) + nameEnd,
  '',
];

const text = '[^\\r\\n]*';
const token = '[!-~]+';
const squareToken = '\\[[!-\\\\^-~]+\\]';
const base64 = '\\[[A-Za-z0-9+/]+={0,2}\\]';
const success = '2[0-9][0-9]';
const line = (...parts: string[]): RegExp => new RegExp(`^${parts.join('')}$`);

const separator = '[ ;]';
const tokenEnd = '(?=[ ;]|$)';
const knownKey = '(?:version|ver|primary|pok|tls|policy|pol|syndicates|syn|deliver|dx|expiry|exp|subdomain|sub)';
const field = oneOf(
  `(?:version|ver)=[0-9]{1,5}${tokenEnd}`,
  `(?:primary|pok)=[A-Za-z0-9+/]{43}${tokenEnd}`,
  `tls=[A-Za-z0-9+/]{86}${tokenEnd}`,
  `(?:policy|pol)=(?:experimental|mixed|strict)${tokenEnd}`,
  `(?:syndicates|syn)=[^ ;]+`,
  `(?:deliver|dx)=[!-:<-~]+${tokenEnd}`,
  `(?:expiry|exp)=[0-9]{1,9}${tokenEnd}`,
  `(?:subdomain|sub)=(?:strict|relaxed|explicit)${tokenEnd}`,
  `(?!${knownKey}(?:=|${tokenEnd}))[^ ;]+`,
);

/** By grammar and rule. */
export const lineExpressions = {
  dmtp: {
    CommandLine: line(oneOf(positional, namedOnly), `${blank}*`, lineEnd),
    PositionalLine: line(positional, `${blank}*`, lineEnd),
    NamedLine: line(oneOf(namedOnly, namedShort), `${blank}*`, lineEnd),
    Breach: new RegExp(`^${oneOf(...breaches)}`),
    Reply: line(`(?:[1-5][0-9][0-9]-${text}${lineEnd})*[1-5][0-9][0-9] ${text}`, lineEnd),
    BannerReply: line(`220 (?:<${domain}>|${domain})(?: (?!DMTPv1[ \\r\\n])${token})* DMTPv1(?: ${token})*`, lineEnd),
    StartTlsReply: line(`(?:220-${text}${lineEnd})*220 ${text}`, lineEnd),
    SecuredReply: line(`${success} OK${blank}+${modeWord}`, lineEnd),
    EhloReply: line(`(?:250-(?:SIZE ${positive}|[A-Z0-9]+)${lineEnd})*250 OK`, lineEnd),
    ModeReply: line(`${success} OK${blank}+${modeWord}(?:${blank}+${modeWord})?`, lineEnd),
    ContinueReply: line(`${anyCase('354 CONTINUE')}${blank}+${squareToken}(?:${blank}+${token})*`, lineEnd),
    StoredReply: line(`${success}${anyCase(' OK')}${blank}+${squareToken}`, lineEnd),
    NumberedStoredReply: line(`(?:254 ACCEPTED|255 DUPLICATE)=${token}`, lineEnd),
    SignetReply: line(`${success} OK${blank}*${base64}`, lineEnd),
    VerifyReply: line(
      oneOf(
        `${success}${anyCase(' CURRENT')}`,
        `${success}${anyCase(' UPDATE')}${blank}+(?:${squareToken}|(?!${squareToken})${token})`,
      ),
      lineEnd,
    ),
    HistoryReply: line(`(?:${success}-${base64}${lineEnd})+${success} OK`, lineEnd),
    StatsReply: line(`${success}${anyCase(' ONCE')}${blank}+${squareToken}`, lineEnd),
    HelpReply: line(`(?:214-${text}${lineEnd})*214 ${text}`, lineEnd),
    RefusalReply: line(`[45][0-9][0-9] ${text}`, lineEnd),
  },
  record: {
    Record: new RegExp(`^${separator}*(?:${field}(?:${separator}+${field})*)?${separator}*$`, 'i'),
  },
} as const;
