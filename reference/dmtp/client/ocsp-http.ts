/** One question to an OCSP responder over HTTP, bounded in size and time. */
import { request as httpRequest } from 'node:http';

/** Octets of an answer: certificates of the responder included, a few thousand are usual. */
const mostAnswerOctets = 65_536;

export interface OcspExchange {
  readonly url: URL;
  /** Where the responder's name leads, by the client's own resolver. */
  readonly address: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

/** The octets of the answer; null when none comes that is one by its status and size. Redirects are not followed. */
export function askResponder(
  body: Uint8Array,
  { url, address, port, signal }: OcspExchange,
): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const request = httpRequest({
      method: 'POST',
      host: address,
      port,
      path: `${url.pathname}${url.search}`,
      headers: { Host: url.host, 'Content-Type': 'application/ocsp-request', 'Content-Length': body.length },
      agent: false,
      maxHeaderSize: 16_384,
      signal,
    });
    const give = (answer: Uint8Array | null): void => {
      resolve(answer);
      request.destroy();
    };
    request.on('error', () => give(null));
    request.on('close', () => resolve(null));
    request.on('response', (response) => {
      if (response.statusCode !== 200) return give(null);
      const pieces: Buffer[] = [];
      let octets = 0;
      response.on('data', (piece: Buffer) => {
        octets += piece.length;
        pieces.push(piece);
        if (octets > mostAnswerOctets) give(null);
      });
      response.on('error', () => give(null));
      response.on('end', () => give(response.complete ? Buffer.concat(pieces, octets) : null));
    });
    request.end(body);
  });
}
