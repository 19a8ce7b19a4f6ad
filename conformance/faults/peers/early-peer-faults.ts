/** What is wrong with the early peer with its dual switch on, by the columns [early] of the DMTP digest. */
import type { KnownFaults } from './known-faults.js';

export const earlyPeerFaults: KnownFaults = {
  faults: [
    { requirement: 'DMTP-013', why: 'no limit on the length of a command line (section 2)' },
    {
      requirement: 'DMTP-020',
      why: 'inside TLS too, EHLO without well-formed brackets is given to SMTP (section 1.2, OQ-119)',
    },
    {
      requirement: 'DMTP-022',
      why: 'malformed optional arguments and text behind the arguments are ignored, right parameters of MAIL with two spaces between them refused (OQ-109, OQ-110, OQ-111)',
      seldom: true,
    },
    { requirement: 'DMTP-045', why: 'the positional dialect alone (section 5)' },
    { requirement: 'DMTP-050', why: 'DATA=7BIT is always refused (OQ-99)', seldom: true },
    { requirement: 'DMTP-082', why: 'a domain with an at sign leads EHLO to SMTP (section 5.5)', seldom: true },
    { requirement: 'DMTP-083', why: 'an address with nothing behind the at sign passes (OQ-120)', seldom: true },
    { requirement: 'DMTP-095', why: 'no recipient is kept, so that a second MAIL drops none (OQ-105)', seldom: true },
    { requirement: 'DMTP-098', why: 'text behind the arguments is ignored but for RCPT and DATA (OQ-111)' },
    { requirement: 'DMTP-099', why: 'a second line follows the answer to the message (OQ-101)' },
    {
      requirement: 'DMTP-100',
      why: 'the second line of OQ-101 stands where the answer to the next command is due',
    },
    { requirement: 'DMTP-101', why: '250 before the message is looked at (OQ-101)' },
    {
      requirement: 'DMTP-102',
      why: 'any domain passes in RCPT, and 250 comes first after the message (OQ-101, OQ-105)',
    },
    { requirement: 'DMTP-103', why: 'the transaction stays after the message (OQ-106)' },
    { requirement: 'DMTP-104', why: 'the word hash in the place of the commit hash (OQ-102)' },
    { requirement: 'DMTP-107', why: 'VRFY without a fingerprint gets two replies (OQ-100)', seldom: true },
    { requirement: 'DMTP-112', why: 'each signet command knows other kinds of fingerprints (OQ-112)' },
    { requirement: 'DMTP-113', why: 'VRFY and STATS compare without regard to letter case (OQ-113)', seldom: true },
    { requirement: 'DMTP-116', why: 'a malformed fingerprint counts as none (OQ-110)', seldom: true },
    { requirement: 'DMTP-077', why: 'EHLO without brackets is given to SMTP on the TLS port too (OQ-119)' },
    {
      requirement: 'DMTP-121',
      why: 'a handshake that fails is answered in the clear, and the connection stays (OQ-118)',
    },
  ],
  veiled: [
    {
      requirements: ['DMTP-031', 'DMTP-054', 'DMTP-105'],
      why: 'the second line of OQ-101 is taken for the answer to the next step, and MAIL of the named dialect is refused',
    },
    { requirements: ['DMTP-109'], why: 'HIST of the named dialect is refused' },
  ],
  disputed: [
    {
      requirements: ['DMTP-058'],
      why: 'SGNT finds a signet by its id fingerprint alone (OQ-112), which is enough by section 12.6; from a signet in the full form nobody can tell it',
    },
    {
      requirements: ['DMTP-074', 'DMTP-075', 'DMTP-078'],
      why: 'HELO is no command of it, which is right by section 12.6: in the clear SMTP gets it, brackets or not, and inside TLS it is unknown',
    },
  ],
};
