import type { KeyObject } from 'node:crypto';
import { importPublicKey, KeyError } from '@smartserver/license-document';
import { readGivenFile } from '../folder/given-file.ts';
import { CmsProblem } from '../problem.ts';

const atMostBytes = 16 * 1024;

/** The root public key in a file, as it comes with the firmware. @throws CmsProblem root_key_invalid or `file_…` */
export const readRootKey = async (file: string): Promise<KeyObject> => {
  const pem = await readGivenFile(file, atMostBytes);
  return importRootKey(pem, 'The file does not hold an Ed25519 public key in PEM form.');
};

/** @param detail of the problem when it is none */
export const importRootKey = (pem: string, detail: string): KeyObject => {
  try {
    return importPublicKey(pem);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    throw new CmsProblem({
      code: 'root_key_invalid',
      title: 'The root key cannot be used',
      detail,
      advice: 'Get the root public key from EnOcean, and give its file with --root-key.',
    });
  }
};
