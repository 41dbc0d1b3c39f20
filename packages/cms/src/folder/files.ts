import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Folders of a SmartServer are its owner's alone. */
async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/**
 * Writes a file so that a power cut leaves either what was there or what is new, whole: temporary file, fsync, rename, fsync
 * of the folder. @param mode 0600 unless told otherwise
 */
export async function writeFileAtomically(path: string, text: string, mode = 0o600): Promise<void> {
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
    await rm(temporary, { force: true });
    throw error;
  }
  await withFile(folder, 'r', 0, (directory) => directory.sync());
}

/** The text of a file; null when there is none. */
export async function readTextFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function withFile(path: string, flags: string, mode: number, work: (file: FileHandle) => Promise<void>) {
  const file = await open(path, flags, mode);
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
