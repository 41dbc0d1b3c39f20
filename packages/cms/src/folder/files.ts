import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Folders of a SmartServer are its owner's alone. A folder that was made is synced into the one above it: else a power cut
 * could take it away again, with all that was synced inside. One by one: Node.js's own `recursive` reports a read-only disk as
 * a missing folder.
 */
const ensureFolder = async (folder: string): Promise<void> => {
  try {
    await makeFolder(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await ensureFolder(dirname(folder));
    await makeFolder(folder);
  }
};

const makeFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await syncFolder(dirname(folder));
};

/**
 * Writes a file so that a power cut leaves either what was there or what is new, whole: temporary file, fsync, rename, fsync
 * of the folder. @param mode 0600 by default
 */
export const writeFileAtomically = async (path: string, text: string, mode = 0o600): Promise<void> => {
  const folder = dirname(path);
  await ensureFolder(folder);
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await withFile(temporary, 'wx', mode, async (file) => {
      await file.writeFile(text);
      await file.sync();
    });
    await rename(temporary, path);
  } catch (error) {
    // The first trouble is the one to report, also when a full or read-only disk makes trouble again here.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
};

/**
 * The text of a file; null when there is none. @param atMost bytes that are read: a longer file is cut there, so that no file,
 * whatever its size, costs more; its reader finds it too long
 */
export const readTextFile = async (path: string, atMost: number): Promise<string | null> => {
  try {
    return await withFile(path, 'r', 0, (file) => readStart(file, atMost));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** At most this many bytes from where a file stands, as UTF-8. What it says its size is, is not asked: it may grow or lie. */
export const readStart = async (file: FileHandle, atMost: number): Promise<string> => {
  const parts: Buffer[] = [];
  let length = 0;
  while (length < atMost) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(64 * 1024, atMost - length)));
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(parts).toString('utf8');
};

/** Names in a folder, sorted; none when there is no such folder. */
export const namesIn = async (folder: string): Promise<string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
};

/** Some file systems of networks and memory sticks cannot sync a folder: there, no more can be had. */
const syncFolder = async (folder: string): Promise<void> => {
  try {
    await withFile(folder, 'r', 0, (directory) => directory.sync());
  } catch (error) {
    if (!['EINVAL', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
};

const withFile = async <T>(path: string, flags: string, mode: number, work: (file: FileHandle) => Promise<T>) => {
  const file = await open(path, flags, mode);
  try {
    return await work(file);
  } catch (error) {
    // An open file has no path any more: a full disk is reported with the one it was opened by.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  } finally {
    await file.close();
  }
};
