import type { Database } from '@smartserver/service-kit';
import type { Tables } from '../model/tables.ts';
import type { Secrets } from '../security/secrets.ts';

/** What is counted, and how long a count lasts from its first guess on. */
export type GuessBucket = { name: string; windowSeconds: number };

/** How often a bucket was counted in its window, this time included. */
export type GuessCount = { count: number; windowEndsAt: Date };

/** Counts guesses, each bucket within a running window of its own. */
export type GuessCounter = {
  /** Counts each bucket once more. @returns their counts, in the order of the buckets */
  up(buckets: readonly GuessBucket[], now: Date): Promise<GuessCount[]>;
  /** Takes back what was counted at `countedAt`; nothing where that window has ended since. */
  down(buckets: readonly GuessBucket[], countedAt: Date): Promise<void>;
  /** Forgets a bucket. */
  reset(name: string): Promise<void>;
  deleteOld(now: Date): Promise<void>;
};

/** The rule of a window, which the database keeps as well: it begins with the first guess, and the next one after its end. */
export const countUp = (before: GuessCount | undefined, windowSeconds: number, now: Date): GuessCount =>
  before === undefined || before.windowEndsAt <= now
    ? { count: 1, windowEndsAt: new Date(now.getTime() + windowSeconds * 1000) }
    : { count: before.count + 1, windowEndsAt: before.windowEndsAt };

type Row = { bucket: Buffer; count: number; window_ends_at: Date };

/** Counts in the database: all processes count together, and a restart resets nothing. */
export const createGuessCounter = (deps: { database: Database<Tables>; secrets: Secrets }): GuessCounter => {
  const { kysely, pool } = deps.database;
  // Addresses of people and machines are not kept in the clear.
  const keyOf = (name: string) => Buffer.from(deps.secrets.derive('guess', name), 'base64url');
  // One order for all, or two callers could wait for each other.
  const inOrder = (buckets: readonly GuessBucket[]) =>
    buckets
      .map(({ name, windowSeconds }) => ({ key: keyOf(name), windowSeconds }))
      .sort((a, b) => a.key.compare(b.key));

  return {
    async up(buckets, now) {
      const counted = inOrder(buckets);
      const { rows } = await pool.query<Row>({
        name: 'count-guesses',
        text: `insert into guess_counts as g (bucket, count, window_ends_at)
          select bucket, 1, $3::timestamptz + make_interval(secs => seconds)
            from unnest($1::bytea[], $2::int[]) as guess (bucket, seconds)
          on conflict (bucket) do update set
            count = case when g.window_ends_at <= $3 then 1 else g.count + 1 end,
            window_ends_at = case when g.window_ends_at <= $3 then excluded.window_ends_at else g.window_ends_at end
          returning bucket, count, window_ends_at`,
        values: [counted.map((c) => c.key), counted.map((c) => c.windowSeconds), now],
      });
      return buckets.map(({ name }) => {
        const row = rows.find((r) => r.bucket.equals(keyOf(name)));
        if (row === undefined) throw new Error('A guess was not counted.');
        return { count: row.count, windowEndsAt: row.window_ends_at };
      });
    },

    async down(buckets, countedAt) {
      const counted = inOrder(buckets);
      await pool.query({
        name: 'take-guesses-back',
        // A window that ends later than one that was open then has begun since.
        text: `update guess_counts as g set count = g.count - 1
          from (
            select bucket, seconds from guess_counts
            join unnest($1::bytea[], $2::int[]) as guess (bucket, seconds) using (bucket)
            order by bucket for update of guess_counts
          ) as guess
          where g.bucket = guess.bucket and g.count > 0 and g.window_ends_at > $3
            and g.window_ends_at <= $3::timestamptz + make_interval(secs => guess.seconds)`,
        values: [counted.map((c) => c.key), counted.map((c) => c.windowSeconds), countedAt],
      });
    },

    async reset(name) {
      await kysely.deleteFrom('guess_counts').where('bucket', '=', keyOf(name)).execute();
    },

    async deleteOld(now) {
      await kysely.deleteFrom('guess_counts').where('window_ends_at', '<', now).execute();
    },
  };
};
