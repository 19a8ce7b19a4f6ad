/** Slips in counting rounds and in writing texts as octets (sections 1.1 to 1.3 of the STACIE digest). */
import { drafts, type Octets } from './stacie-derivation.js';
import type { Slip } from './stacie-slip.js';

const utf8 = (text: string): Octets => Buffer.from(text, 'utf8');
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

export const roundsSlips: readonly Slip[] = [
  {
    id: 'rounds-fixed',
    breaks: 'STACIE-037',
    title: 'runs 1,000 rounds whatever the password',
    rules: { total: () => 1000 },
  },
  {
    id: 'characters-in-utf16',
    breaks: 'STACIE-038',
    title: 'counts UTF-16 units',
    rules: { characters: (password) => password.length },
  },
  {
    id: 'characters-in-octets',
    breaks: 'STACIE-038',
    title: 'counts octets',
    rules: { characters: (password) => utf8(password).length },
  },
  {
    id: 'characters-as-graphemes',
    breaks: 'STACIE-038',
    title: 'counts grapheme clusters',
    rules: { characters: (password) => [...graphemes.segment(password)].length },
  },
  {
    id: 'password-in-utf16',
    breaks: 'STACIE-039',
    title: 'hashes the password as UTF-16',
    rules: { passwordOctets: (text) => Buffer.from(text, 'utf16le') },
  },
  {
    id: 'password-in-latin1',
    breaks: 'STACIE-039',
    title: 'hashes the password as Latin-1',
    rules: { passwordOctets: (text) => Buffer.from(text, 'latin1') },
  },
  {
    id: 'exponent-from-25',
    breaks: 'STACIE-040',
    title: 'subtracts the characters from 25',
    rules: { exponent: (characters) => Math.max(1, 25 - characters) },
  },
  {
    id: 'exponent-down-to-0',
    breaks: 'STACIE-041',
    title: 'lets the exponent be 0 (STACIE-I-08)',
    rules: { exponent: (characters) => Math.max(0, 24 - characters) },
  },
  {
    id: 'exponent-negative',
    breaks: 'STACIE-041',
    title: 'lets the exponent be negative',
    // Powers below 1 are cut to 0, as whole numbers cut them.
    rules: {
      exponent: (characters) => 24 - characters,
      total: (variable, bonus) => drafts.total(Math.floor(variable), bonus),
    },
  },
  {
    id: 'rounds-doubled-not-raised',
    breaks: 'STACIE-042',
    title: 'takes twice the exponent for the variable rounds',
    rules: { total: (variable, bonus) => drafts.total(2 * Math.log2(variable), bonus) },
  },
  {
    id: 'bonus-left-out',
    breaks: 'STACIE-043',
    title: 'leaves the bonus out',
    rules: { total: (variable) => drafts.total(variable, 0) },
  },
  {
    id: 'bonus-instead',
    breaks: 'STACIE-043',
    title: 'takes the larger of variable rounds and bonus',
    rules: { total: (variable, bonus) => drafts.total(Math.max(variable, bonus), 0) },
  },
  {
    id: 'no-least-rounds',
    breaks: 'STACIE-044',
    title: 'runs fewer than 8 rounds',
    rules: { total: (variable, bonus) => Math.min(16_777_216, variable + bonus) },
  },
  {
    id: 'least-rounds-before-bonus',
    breaks: 'STACIE-044',
    title: 'raises the variable rounds to 8 before it adds the bonus (STACIE-I-09)',
    rules: { total: (variable, bonus) => Math.min(16_777_216, Math.max(8, variable) + bonus) },
  },
  {
    id: 'no-most-rounds',
    breaks: 'STACIE-045',
    title: 'runs more than 16,777,216 rounds',
    rules: { total: (variable, bonus) => Math.max(8, variable + bonus) },
  },
  {
    id: 'most-rounds-one-less',
    breaks: 'STACIE-045',
    title: 'stops at 16,777,215 rounds',
    rules: { total: (variable, bonus) => Math.min(16_777_215, Math.max(8, variable + bonus)) },
  },
];

export const textSlips: readonly Slip[] = [
  {
    id: 'username-folded',
    breaks: 'STACIE-020',
    title: 'folds the username to lower case',
    rules: { usernameOctets: (text) => utf8(text.toLowerCase()) },
  },
  {
    id: 'username-trimmed',
    breaks: 'STACIE-020',
    title: 'trims the username',
    rules: { usernameOctets: (text) => utf8(text.trim()) },
  },
  {
    id: 'username-composed',
    breaks: 'STACIE-020',
    title: 'composes the username (NFC)',
    rules: { usernameOctets: (text) => utf8(text.normalize('NFC')) },
  },
  {
    id: 'password-trimmed',
    breaks: 'STACIE-021',
    title: 'trims the password',
    rules: { passwordOctets: (text) => utf8(text.trim()) },
  },
  {
    id: 'password-ends-at-nul',
    breaks: 'STACIE-021',
    title: 'takes the password up to the first NUL',
    rules: { passwordOctets: (text) => utf8(text.replace(/\0.*/s, '')) },
  },
  {
    id: 'password-cut',
    breaks: 'STACIE-021',
    title: 'cuts the password after 72 octets',
    rules: { passwordOctets: (text) => utf8(text).subarray(0, 72) },
  },
];
