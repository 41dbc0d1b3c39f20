import { constants, lstat, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CmsProblem } from '../problem.ts';
import { readStart, writeFileAtomically } from './files.ts';

/**
 * The text of a file that a person named: never more than `atMost` bytes of it, and never from a pipe or device, which might
 * have no end or never begin.
 * @throws CmsProblem file_not_found or file_unreadable
 */
export const readGivenFile = async (path: string, atMost: number): Promise<string> => {
  try {
    // Not to wait at the open of a pipe without a writer. Windows has no such flag.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      if (!(await file.stat()).isFile()) throw unreadable('It is not a file.');
      return await readStart(file, atMost);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CmsProblem) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw notFound();
    throw unreadable(`The file system refused it (${code ?? 'unknown'}).`);
  }
};

/**
 * Where to write a file for a person: what `--out` names, or this name in the folder in which the command runs.
 * @throws CmsProblem out_unusable for a folder, device or link: it would be replaced by the file
 */
export const outFile = async (given: string | undefined, name: string): Promise<string> => {
  const path = given ?? join('.', name);
  if ((await stat(dirname(path)).catch(() => null)) === null) throw unusable('There is no such folder.');
  const there = await lstat(path).catch(() => null);
  if (there !== null && !there.isFile()) throw unusable('Something that is not a file is there.');
  return path;
};

/** Writes a file for people to carry away; it holds no secret. @throws CmsProblem out_unusable */
export const writeGivenFile = async (path: string, text: string): Promise<void> => {
  try {
    await writeFileAtomically(path, text, 0o644);
  } catch (error) {
    throw unusable(`The file system refused it (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
  }
};

const notFound = () =>
  new CmsProblem({
    code: 'file_not_found',
    title: 'There is no such file',
    detail: 'Nothing has this name.',
    advice: 'Check the name of the file and the folder it is in.',
  });

const unreadable = (detail: string) =>
  new CmsProblem({
    code: 'file_unreadable',
    title: 'The file cannot be read',
    detail,
    advice: 'Copy the file to this SmartServer again, and check the rights on it.',
  });

const unusable = (detail: string) =>
  new CmsProblem({
    code: 'out_unusable',
    title: 'The file cannot be written',
    detail,
    advice: 'Name another file with --out.',
  });
