import { isIPv6 } from 'node:net';
import { type Clock, type Database, problem } from '@smartserver/service-kit';
import type { AccountTables } from '../db.ts';
import type { Secrets } from '../security/secrets.ts';

/** So many guesses within so many seconds from the first one on. */
type Limit = { guesses: number; windowSeconds: number };

const WINDOW_SECONDS = 15 * 60;

/**
 * Limits are counted for whoever guesses, never for the account alone: a stranger cannot lock its owner out. The one
 * exception is the second factor, whose codes are short: those are counted per user, but only once the password was right.
 */
const LIMITS = {
  /** One address trying one account. */
  password: { guesses: 5, windowSeconds: WINDOW_SECONDS },
  /** One address trying any account. Offices share an address: successful sign-ins are taken off again. */
  address: { guesses: 60, windowSeconds: WINDOW_SECONDS },
  secondFactor: { guesses: 10, windowSeconds: WINDOW_SECONDS },
} as const satisfies Record<string, Limit>;

type GuessKind = keyof typeof LIMITS;
/** What is counted: a kind of guess, and by or for whom. */
export type Guess = { kind: GuessKind; by: string };

/** An IPv6 caller owns a whole /64: all of it is one address. IPv4 in IPv6 clothes is IPv4. */
export const addressGroup = (address: string): string => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const full = [...groups, ...Array<string>(Math.max(missing, 0)).fill('0'), ...(tail ?? '').split(':')];
  return full
    .slice(0, 4)
    .map((group) => Number.parseInt(group || '0', 16).toString(16))
    .join(':');
};

export type GuessLimiter = {
  /**
   * Counts guesses before they are made, so that simultaneous ones cannot slip through.
   * @throws rate_limited with Retry-After when one of them is over its limit
   */
  count(guesses: Guess[]): Promise<void>;
  /** The guess was right: it does not count. */
  takeBack(guess: Guess): Promise<void>;
  /** The right one was found: all guesses so far are forgiven. */
  forgive(guess: Guess): Promise<void>;
  deleteOld(): Promise<void>;
};

/** Counts in the database: all replicas count together, and a restart forgives nothing. */
export const createGuessLimiter = (deps: {
  database: Database<AccountTables>;
  secrets: Secrets;
  clock: Clock;
}): GuessLimiter => {
  const { kysely, pool } = deps.database;
  // Addresses of people and machines are not kept in the clear.
  const bucketOf = ({ kind, by }: Guess) => Buffer.from(deps.secrets.derive('guess', kind, by), 'base64url');

  return {
    async count(guesses) {
      const now = deps.clock.now();
      const counted = guesses
        .map((guess) => ({ bucket: bucketOf(guess), ...LIMITS[guess.kind] }))
        // One order for all, or two callers could wait for each other.
        .sort((a, b) => a.bucket.compare(b.bucket));
      const { rows } = await pool.query<{ bucket: Buffer; count: number; window_ends_at: Date }>({
        name: 'count-guesses',
        text: `insert into guess_counts as g (bucket, count, window_ends_at)
          select bucket, 1, $3::timestamptz + make_interval(secs => seconds)
            from unnest($1::bytea[], $2::int[]) as guess (bucket, seconds)
          on conflict (bucket) do update set
            count = case when g.window_ends_at <= $3 then 1 else g.count + 1 end,
            window_ends_at = case when g.window_ends_at <= $3 then excluded.window_ends_at else g.window_ends_at end
          returning bucket, count, window_ends_at`,
        values: [counted.map((c) => c.bucket), counted.map((c) => c.windowSeconds), now],
      });
      const over = counted.flatMap((c) => {
        const row = rows.find((r) => r.bucket.equals(c.bucket));
        return row !== undefined && row.count > c.guesses ? [row.window_ends_at.getTime() - now.getTime()] : [];
      });
      if (over.length === 0) return;
      const retryAfterSeconds = Math.max(1, Math.ceil(Math.max(...over) / 1000));
      throw problem('rate_limited', { headers: { 'retry-after': String(retryAfterSeconds) }, log: 'too many guesses' });
    },

    async takeBack(guess) {
      await kysely
        .updateTable('guess_counts')
        .set((eb) => ({ count: eb('count', '-', 1) }))
        .where('bucket', '=', bucketOf(guess))
        .where('count', '>', 0)
        .execute();
    },

    async forgive(guess) {
      await kysely.deleteFrom('guess_counts').where('bucket', '=', bucketOf(guess)).execute();
    },

    async deleteOld() {
      await kysely.deleteFrom('guess_counts').where('window_ends_at', '<', deps.clock.now()).execute();
    },
  };
};
