/** An OCSP responder of the suite's own, which answers as a case wants it to (RFC 6960). */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import {
  BasicOCSPResponse,
  type CertID,
  CertStatus,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension } from '@peculiar/asn1-x509';
import type { HostileAuthority } from './hostile-certificate.js';

/** How a certificate is answered for. */
export interface OcspConduct {
  readonly status: 'good' | 'revoked' | 'unknown';
  /** Default: that of the request. */
  readonly nonce?: 'same' | 'other' | 'none';
  /** Default: the authority. */
  readonly signedBy?: 'authority' | 'stranger' | 'broken';
  /** Seconds from now; default -60 and 3600. */
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  /** The responder says that it cannot answer now. */
  readonly outOfOrder?: true;
}

export interface HostileOcsp {
  /** For the certificates. */
  readonly url: string;
  /** Requests that were answered. */
  readonly asked: number;
  close(): void;
}

const mostOctets = 65_536;
const ecdsaWithSha256 = '1.2.840.10045.4.3.2';

let strangersKey: KeyObject | null = null;

export async function startHostileOcsp(
  authority: HostileAuthority,
  /** Asked at each request. */
  conductOf: () => OcspConduct,
  onAnswer: (text: string) => void = () => undefined,
): Promise<HostileOcsp> {
  const sockets = new Set<Socket>();
  let asked = 0;
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => {
        const conduct = conductOf();
        const octets = answerTo(body, authority, conduct);
        asked += 1;
        onAnswer(`OCSP: ${JSON.stringify(conduct)}`);
        response.writeHead(200, { 'Content-Type': 'application/ocsp-response' }).end(octets);
      })
      .catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ocsp`,
    get asked() {
      return asked;
    },
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** By POST, or by GET with the request in the path (RFC 6960 appendix A). */
async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  if (request.method === 'GET') {
    const text = (request.url ?? '').replace(/^\/ocsp\//, '');
    return new Uint8Array(Buffer.from(decodeURIComponent(text), 'base64'));
  }
  const pieces: Buffer[] = [];
  let octets = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    octets += piece.length;
    if (octets > mostOctets) throw new RangeError('a request of more octets than any has');
    pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** @throws Error for octets that are no request */
function answerTo(request: Uint8Array, authority: HostileAuthority, conduct: OcspConduct): Uint8Array {
  const { tbsRequest } = AsnConvert.parse(request, OCSPRequest);
  if (conduct.outOfOrder === true) {
    return octetsOf(new OCSPResponse({ responseStatus: OCSPResponseStatus.tryLater }));
  }
  const asked = tbsRequest.requestExtensions?.find(({ extnID }) => extnID === id_pkix_ocsp_nonce);
  // Of whole seconds: times in certificates and answers about them have no fractions.
  const now = Math.floor(Date.now() / 1000);
  const at = (seconds: number): Date => new Date((now + seconds) * 1000);
  const data = new ResponseData({
    responderID: new ResponderID({ byKey: new OctetString(keyHashOf(authority)) }),
    producedAt: at(conduct.thisUpdate ?? -60),
    responses: tbsRequest.requestList.map(({ reqCert }) => singleOf(reqCert, conduct, at)),
    ...extensionsOf(asked, conduct.nonce ?? 'same'),
  });
  const { signedBy = 'authority' } = conduct;
  const signature = sign(
    'sha256',
    octetsOf(data),
    signedBy === 'stranger' ? strangerKey() : createPrivateKey(authority.key),
  );
  const last = signature.length - 1;
  if (signedBy === 'broken') signature.writeUInt8(signature.readUInt8(last) ^ 1, last);
  const basic = new BasicOCSPResponse({
    tbsResponseData: data,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ecdsaWithSha256 }),
    signature: bufferOf(signature),
  });
  return octetsOf(
    new OCSPResponse({
      responseStatus: OCSPResponseStatus.successful,
      responseBytes: new ResponseBytes({
        responseType: id_pkix_ocsp_basic,
        response: new OctetString(AsnConvert.serialize(basic)),
      }),
    }),
  );
}

function singleOf(
  certID: CertID,
  { status, thisUpdate = -60, nextUpdate = 3600 }: OcspConduct,
  at: (seconds: number) => Date,
): SingleResponse {
  const states = {
    good: () => new CertStatus({ good: null }),
    revoked: () => new CertStatus({ revoked: new RevokedInfo({ revocationTime: at(-86_400) }) }),
    unknown: () => new CertStatus({ unknown: null }),
  };
  return new SingleResponse({
    certID,
    certStatus: states[status](),
    thisUpdate: at(thisUpdate),
    nextUpdate: at(nextUpdate),
  });
}

function extensionsOf(
  asked: Extension | undefined,
  nonce: 'same' | 'other' | 'none',
): { readonly responseExtensions?: Extension[] } {
  if (nonce === 'none' || (nonce === 'same' && asked === undefined)) return {};
  const value = nonce === 'same' && asked !== undefined ? asked.extnValue : otherNonce();
  return { responseExtensions: [new Extension({ extnID: id_pkix_ocsp_nonce, critical: false, extnValue: value })] };
}

const otherNonce = (): OctetString =>
  new OctetString(AsnConvert.serialize(new OctetString(new Uint8Array(randomBytes(32)))));

function strangerKey(): KeyObject {
  strangersKey ??= generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  return strangersKey;
}

function keyHashOf({ der }: HostileAuthority): Uint8Array {
  const { subjectPublicKeyInfo } = AsnConvert.parse(der, Certificate).tbsCertificate;
  return new Uint8Array(createHash('sha1').update(new Uint8Array(subjectPublicKeyInfo.subjectPublicKey)).digest());
}

const octetsOf = (value: object): Uint8Array => new Uint8Array(AsnConvert.serialize(value));
const bufferOf = (octets: Uint8Array): ArrayBuffer => new Uint8Array(octets).buffer;
