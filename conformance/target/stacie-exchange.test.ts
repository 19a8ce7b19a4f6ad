import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { PeerFlood, PeerGone, Unreachable } from '../runner/outcome.js';
import { Transcript } from '../runner/transcript.js';
import { makeServerCertificate } from './hostile-certificate.js';
import { type HostileAnswer, type HostileStacie, startHostileStacie, usualCertificate } from './hostile-stacie.js';
import { openTarget } from './open.js';
import type { StacieEndpoint } from './profile.js';
import { addressOf } from './stacie-endpoint.js';
import { StacieExchange } from './stacie-exchange.js';
import { certificateFault } from './stacie-trust.js';

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const resource of open.splice(0)) resource.close();
});

async function server(
  answer: HostileAnswer,
  certificate?: Parameters<typeof makeServerCertificate>,
): Promise<HostileStacie> {
  const made = certificate === undefined ? {} : { certificate: await makeServerCertificate(...certificate) };
  const started = await startHostileStacie({ answer: () => answer, ...made });
  open.push(started);
  return started;
}

function endpointOf({ endpoint, certificate }: HostileStacie): StacieEndpoint {
  const account = { username: 'u@example.tld', password: () => 'secret' };
  const trust = { authorities: certificate };
  return { ...addressOf(endpoint), revision: '03', trust, account, canRegister: false };
}

function exchangeWith(endpoint: StacieEndpoint): { exchange: StacieExchange; transcript: Transcript } {
  const transcript = new Transcript(() => performance.now());
  const exchange = new StacieExchange({ endpoint, transcript, limits: { replyMs: 3000, connectMs: 3000 } });
  open.push(exchange);
  return { exchange, transcript };
}

describe('an exchange', () => {
  it('gives the answer, and keeps the secrets of the account out of the transcript', async () => {
    const { exchange, transcript } = exchangeWith(endpointOf(await server({ body: '{"realms":[]}' })));
    exchange.mask('a-long-verification-token', 'the verification token');
    const answer = await exchange.post('{"authenticate":{"token":"a-long-verification-token"}}');
    expect({ status: answer.status, text: answer.octets.toString() }).toEqual({ status: 200, text: '{"realms":[]}' });
    const [request, response] = transcript.events;
    expect(request?.text).toMatch(/^POST https:\/\/127\.0\.0\.1:\d+\/stacie\n.*"\(the verification token\)"/);
    expect(response).toMatchObject({ event: 'response', connection: 1, text: '{"realms":[]}' });
  });

  it('ends when the peer ends it, and when the answer has no end', async () => {
    await expect(exchangeWith(endpointOf(await server('silence'))).exchange.post('{}')).rejects.toThrow(PeerGone);
    await expect(exchangeWith(endpointOf(await server('endless'))).exchange.post('{}')).rejects.toThrow(PeerFlood);
  });

  it('is not to be had where nobody listens', async () => {
    const stopped = await server({ body: '' });
    stopped.close();
    await expect(exchangeWith(endpointOf(stopped)).exchange.post('{}')).rejects.toThrow(Unreachable);
  });
});

describe('the certificate of a server', () => {
  it('is right for its name, its days and its issuer', async () => {
    const right = endpointOf(await server({ body: '' }));
    expect(await certificateFault(right, 3000)).toBeNull();
    expect(await certificateFault({ ...right, trust: 'system' }, 3000)).toMatch(/SELF_SIGNED|UNABLE/);
    expect(await certificateFault({ ...right, trust: 'none' }, 3000)).toBeNull();
    const other = await server({ body: '' }, [['other.example']]);
    expect(await certificateFault(endpointOf(other), 3000)).toMatch(
      /made out to DNS:other\.example, not to 127\.0\.0\.1/,
    );
    const ended = await server({ body: '' }, [['127.0.0.1'], -1]);
    expect(await certificateFault(endpointOf(ended), 3000)).toMatch(/which is not now/);
  });

  it('decides whether a target is opened at all', async () => {
    const { endpoint } = await server({ body: '' });
    const folder = mkdtempSync(path.join(tmpdir(), 'stacie-target-'));
    const file = { endpoint, revision: '03' as const, account: { username: 'u', password: 'p' } };
    writeFileSync(path.join(folder, 'right.pem'), (await usualCertificate()).cert);
    const trust = { pem: path.join(folder, 'right.pem') };
    const target = await openTarget({ stacie: { ...file, trust } }, []);
    expect(target.profile).toMatchObject({
      kind: 'network',
      claims: ['stacie-server'],
      stacie: [{ canRegister: false }],
    });
    expect(JSON.stringify(target.profile)).not.toContain('"password"');
    await expect(openTarget({ stacie: { ...file, trust: 'system' } }, [])).rejects.toThrow(/is not trusted/);
    rmSync(folder, { recursive: true });
  });
});
