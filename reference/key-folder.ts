/** The folder of a reference server: its keys and certificate, made at the first start and kept for later ones. */
import { createPrivateKey, createPublicKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { access, constants, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, makeCertificate, makeRecordKey, makeTlsKey, rawPublicKey } from './tls/certificate.js';

export const fileNames = {
  primaryKey: 'primary.key',
  primaryPublic: 'primary.pub',
  tlsKey: 'dx.key',
  certificate: 'dx.crt',
  record: 'record.txt',
  messages: 'messages',
  signets: 'signets',
} as const;

export interface KeyFolder {
  readonly path: string;
  /** Signs certificates for the record: Ed25519. */
  readonly primaryKey: KeyObject;
  /** Its public half: 32 octets in unpadded base64, as `pok` has it. */
  readonly primaryPublic: string;
  readonly certificate: Certificate;
}

/** A folder that cannot be used. The message names the path and the reason. */
export class KeyFolderError extends Error {
  override readonly name = 'KeyFolderError';
}

/** Certificates are made for ten years: a folder is meant to be used again. */
const certificateDays = 3650;

/**
 * Opens a folder, making it and whatever it lacks. Private keys are readable by their owner only.
 *
 * @param dxName the host that the certificate is for
 * @param makeKey makes the key of the delivery host where the folder lacks it: PEM (PKCS#8)
 * @throws KeyFolderError when the folder cannot be written, or what lies there cannot be used
 */
export async function openKeyFolder(
  path: string,
  dxName: string,
  now: Date,
  makeKey: () => Promise<string> = makeTlsKey,
): Promise<KeyFolder> {
  try {
    for (const name of [fileNames.messages, fileNames.signets]) {
      await mkdir(join(path, name), { recursive: true, mode: 0o700 });
    }
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new KeyFolderError(`folder ${path} cannot be used: ${reason(error)}`, { cause: error });
  }
  const primaryKey = await openPrimaryKey(join(path, fileNames.primaryKey));
  const primaryPublic = Buffer.from(rawPublicKey(createPublicKey(primaryKey)))
    .toString('base64')
    .replace(/=+$/, '');
  await writeText(join(path, fileNames.primaryPublic), `${primaryPublic}\n`);
  return { path, primaryKey, primaryPublic, certificate: await openCertificate(path, dxName, now, makeKey) };
}

let passing: Promise<string> | null = null;

/**
 * The key of delivery hosts whose folders go with them: one for all in this process, since an RSA key takes longer to make
 * than all else that a server starts with.
 */
export function passingTlsKey(): Promise<string> {
  passing ??= makeTlsKey();
  return passing;
}

/** Writes the text of the record into the folder, for people to read. */
export async function writeRecord(folder: KeyFolder, text: string): Promise<void> {
  await writeText(join(folder.path, fileNames.record), `${text}\n`);
}

async function openPrimaryKey(path: string): Promise<KeyObject> {
  const pem = await readText(path);
  if (pem !== null) return readPrivateKey(path, pem, 'ed25519');
  const { privateKey } = makeRecordKey();
  await writeSecret(path, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  return privateKey;
}

async function openCertificate(
  folder: string,
  dxName: string,
  now: Date,
  makeKey: () => Promise<string>,
): Promise<Certificate> {
  const keyPath = join(folder, fileNames.tlsKey);
  const certificatePath = join(folder, fileNames.certificate);
  const pem = await readText(certificatePath);
  let privateKeyPem = await readText(keyPath);
  if (privateKeyPem === null) {
    if (pem !== null) throw new KeyFolderError(`${certificatePath} is there, but its key ${keyPath} is not`);
    privateKeyPem = await makeKey();
    await writeSecret(keyPath, privateKeyPem);
  }
  const key = readPrivateKey(keyPath, privateKeyPem, 'rsa');
  if (pem === null) {
    const certificate = await makeCertificate({ names: [dxName], now, days: certificateDays, privateKeyPem });
    await writeText(certificatePath, certificate.pem);
    return certificate;
  }
  return { pem, der: checkCertificate(certificatePath, pem, key, dxName, now), privateKeyPem };
}

function checkCertificate(path: string, pem: string, key: KeyObject, dxName: string, now: Date): Uint8Array {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw new KeyFolderError(`${path} holds no certificate: ${reason(error)}`, { cause: error });
  }
  if (!certificate.checkPrivateKey(key)) throw new KeyFolderError(`${path} is not for the key ${fileNames.tlsKey}`);
  if (certificate.checkHost(dxName) === undefined) {
    throw new KeyFolderError(`${path} is for ${certificate.subjectAltName ?? 'no host'}, not for ${dxName}`);
  }
  if (new Date(certificate.validTo) < now) {
    throw new KeyFolderError(`${path} expired on ${certificate.validTo}; without it a new one is made`);
  }
  return new Uint8Array(certificate.raw);
}

function readPrivateKey(path: string, pem: string, type: 'ed25519' | 'rsa'): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw new KeyFolderError(`${path} holds no private key: ${reason(error)}`, { cause: error });
  }
  if (key.asymmetricKeyType !== type) {
    throw new KeyFolderError(`${path} holds a key of type ${key.asymmetricKeyType}, not ${type}`);
  }
  return key;
}

/** Null when there is no such file. */
export async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new KeyFolderError(`${path} cannot be read: ${reason(error)}`, { cause: error });
  }
}

export async function writeText(path: string, text: string): Promise<void> {
  await place(path, text, 0o666, rename);
}

/** Never over a file that is there: another start could be using it. Readable by its owner only. */
export async function writeSecret(path: string, text: string): Promise<void> {
  await place(path, text, 0o600, link);
}

/** Whole or not at all, since other starts read the same folder. */
async function place(path: string, text: string, mode: number, put: typeof rename): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, text, { mode, flag: 'wx' });
    await put(part, path);
  } catch (error) {
    throw new KeyFolderError(`${path} cannot be written: ${reason(error)}`, { cause: error });
  } finally {
    await rm(part, { force: true });
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
