import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Certificate, readOwnCertificate } from '@smartserver/license-document';
import { KeysError } from './errors.ts';

export const rootKeyFile = 'root-key.pem';
export const rootPublicKeyFile = 'root-public-key.pem';
export const revocationsFile = 'key-revocations.jws';

/** A signing key in the folder: its file name without ending, the text of its certificate, and what that says. */
export type SigningKeyEntry = { name: string; text: string; certificate: Certificate };

/** The folder of an operator's keys. Its files are for its owner alone; a key is never overwritten. */
export class KeyFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  fileOf(name: string): string {
    return join(this.path, name);
  }

  has(name: string): boolean {
    return existsSync(this.fileOf(name));
  }

  /** @throws KeysError when there is no such file */
  read(name: string): string {
    return readTextFile(this.fileOf(name));
  }

  /** Writes a file that was not there before, whole or not at all. @throws KeysError when it is there */
  writeNew(name: string, text: string): void {
    this.write(name, text, (temporary, file) => {
      try {
        // Unlike a rename, a link fails when the name is taken, also by another process just now.
        linkSync(temporary, file);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        throw new KeysError(`${file} exists already and is not overwritten.`);
      }
    });
  }

  /** Writes a file, in the place of the one that was there. */
  replace(name: string, text: string): void {
    this.write(name, text, renameSync);
  }

  remove(name: string): void {
    rmSync(this.fileOf(name), { force: true });
  }

  /** Every signing key by the certificate that lies here, the newest first. @throws KeysError for one that is damaged */
  signingKeys(): SigningKeyEntry[] {
    if (!existsSync(this.path)) return [];
    const entries = readdirSync(this.path)
      .filter((file) => file.endsWith('.cert'))
      .map((file) => {
        const text = this.read(file).trim();
        try {
          return { name: file.slice(0, -'.cert'.length), text, certificate: readOwnCertificate(text) };
        } catch {
          throw new KeysError(`${this.fileOf(file)} is not a certificate.`);
        }
      });
    return entries.sort((a, b) => b.certificate.notBefore.getTime() - a.certificate.notBefore.getTime());
  }

  private write(name: string, text: string, put: (temporary: string, file: string) => void): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    const temporary = this.fileOf(`${name}.${randomBytes(6).toString('hex')}.tmp`);
    try {
      const file = openSync(temporary, 'wx', 0o600);
      try {
        writeFileSync(file, text);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      put(temporary, this.fileOf(name));
    } finally {
      rmSync(temporary, { force: true });
    }
  }
}

/** @throws KeysError when it cannot be read */
export const readTextFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new KeysError(isMissing ? `There is no file ${path}.` : `${path} cannot be read.`);
  }
};
