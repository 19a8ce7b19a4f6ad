/**
 * The sample objects of magma's own tests, in profile dime-2015-magma, with what was published of them: section 13 of the
 * signets digest. They stand on nobody's reading.
 */
import type { Kind } from '../../model/signet-builder.js';

export interface Sample {
  readonly kind: Kind;
  readonly label: string;
  /** Base64 of the whole object. */
  readonly data: string;
  /** Of the armor, without its equals sign. */
  readonly crc: string;
  /** Id, offset behind the header, octets of data. */
  readonly fields: readonly (readonly [number, number, number])[];
  /** Base64 without padding, by kind. */
  readonly fingerprints: Readonly<Record<string, string>>;
}

export const samples: readonly Sample[] = [
  {
    kind: 'signing-request',
    label: 'SIGNET SIGNING REQUEST',
    data: 'BL8AAIcBIUCrKVU0/tyKEetnxfXBVdYlws1cof0DJ/obRCg/QPT2pAIhA8SQ44pss9J5vxHp4jbCS9poZv0JlFSCQxH2taDhfsMnBcU1Wa162o4FpEqAzcxETbD71HO27lRlzE8/Yd+RZT7KNROA4e/TAmphORiH7KK3yS6DnuSoSt7w/oFeYq180Aw=',
    crc: 'G1Zg',
    fields: [
      [1, 0, 33],
      [2, 35, 33],
      [5, 70, 64],
    ],
    fingerprints: {
      'signing-request': '7dyJNyl/lSNRe42uNioa+/Dd1XpBhUySqelcLmQK5vnummRRi9aZsJT4vH72WrEAzyNYzCItlxwbBabapntq2g',
    },
  },
  {
    kind: 'user',
    label: 'USER SIGNET',
    data: 'Bv0AAW4BIUCrKVU0/tyKEetnxfXBVdYlws1cof0DJ/obRCg/QPT2pAIhA8SQ44pss9J5vxHp4jbCS9poZv0JlFSCQxH2taDhfsMnBcU1Wa162o4FpEqAzcxETbD71HO27lRlzE8/Yd+RZT7KNROA4e/TAmphORiH7KK3yS6DnuSoSt7w/oFeYq180AwGUtVYvtAR4szKkh3QHNSJ/Sqh1xvWmSEdm9RxDxcxf+bxS8G79PwJDHiFV+rW+5uetx+WsQTfhHDZQBZTNPdQARAQdXNlckBleGFtcGxlLmNvbf0HkBxZvkoQG6rwhGZTxd6LUZNiJ6aAfu9cxw3kaceoG5F3Mcz4WoNSwTOK76Z7a7pujX5eoOSKZgLvt7QPMCIA/hB1c2VyQGV4YW1wbGUuY29t//OjJlv2ra+bT+cE37Aoufn8ThUrIVaCEnb47JRITh3zs72KESap140Jr0vKzAm80NtLEqgQ0IGYH4NkCf5GsQw=',
    crc: '5veF',
    fields: [
      [1, 0, 33],
      [2, 35, 33],
      [5, 70, 64],
      [6, 135, 64],
      [16, 200, 16],
      [253, 218, 64],
      [254, 283, 16],
      [255, 301, 64],
    ],
    fingerprints: {
      cryptographic: 'JTqL9oUynQrFxge1Q0swRvEmKqVN7WyKlQPRYzR9k8z1xR8MxSjMZX0a3uc3llgsdyelWgBRrsXRdIYJJlAxNQ',
      full: 'p5z0bKY7Wrv8bVbkY5bBFmJ7q8rBSxYiW1+YaG+QSasqiOF1kdjdArypWNIWGEm1e19ggfI40jQVLkjmcGr1Cw',
      identifiable: 'h4gsAKJRBwuJ2Vf6PKYcZvAH9A1/KVCu6AsxAzNEn7Y+W/+x8hbNderRfvOkqXtm5rgx52qAXACPBMpyXv9New',
    },
  },
  {
    kind: 'organization',
    label: 'ORGANIZATIONAL SIGNET',
    data: 'BvAAAWMBIUA84E+XlnQm2rf/xArwWRYoCWRHKfLYnR1epjfGHSLeawMhA48f04SsJOtgZvIAaAMHb0lAU6JGmKWQBYZRdFuIOOtkBHsafjgMKnfEfasVTBpjbnon81ttnuJNYxIioSBbXMHoouchSKOm9elbyB7W8hva2ONjByYvGI/dgHU3+OgrrAgQC0V4YW1wbGUgTExDERgxNjAwIFBlbm5zeWx2YW5pYSBBdmUgTlcTDVVuaXRlZCBTdGF0ZXMUBTIwNTAwFQ4oMjAyKSA0NTYtMTExMf107N0qlZxpbixIWPYfWcKrk82Ma6jxFCKsU2Om8p3P7uXRDxXOsKjl+exCMLdWcCQf7Za4t+0qmidb3LsobAAO/gtleGFtcGxlLmNvbf9w6PnxWe+gVy8HeK2hyyKVMVd57LXbmYlmqsRegg2FAI8su/QqYyPoogxRXKjOaeKExRhPe+L1onefH3JBA0IK',
    crc: 'uEwX',
    fields: [
      [1, 0, 33],
      [3, 35, 33],
      [4, 70, 64],
      [16, 135, 11],
      [17, 148, 24],
      [19, 174, 13],
      [20, 189, 5],
      [21, 196, 14],
      [253, 212, 64],
      [254, 277, 11],
      [255, 290, 64],
    ],
    fingerprints: {
      cryptographic: 'EQBttXLIOm5wCdw0FqPENS19byUuDS33UBoyPacjC46c+esDpPgeh8w4tDJCn9s0Bp+HXodEWQ4V93E76ujstw',
      full: 'igZFFMMNT3vZagPOraIbONkKv0SqDwAAiOPLKGugN3NNu2uOCKLXPkPZ3x9MrO7uJgGVKBNAbOvywJHl5UOGXQ',
      identifiable: 'vcBXnfrFk6UeAcGXV9IXqrReFHvYmdIaXeUeWjeCUlk+p9K48lWyWQ1o1bYVvM1n1OxU7aHG8z6sGH2KbGkmiw',
    },
  },
];
