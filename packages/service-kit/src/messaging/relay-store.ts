import type { QueueName } from '@smartserver/contracts';
import type pg from 'pg';

/** A row and the batch that it is in. */
export type SentRow = { id: number; event_id: string; queue: QueueName; job_id: string };
/** `envelope`: JSON text. */
export type TakenRow = SentRow & { envelope: string };

/** The most that one batch holds: it is taken in one transaction, whose locks others wait for. */
export const BATCH_EVENTS = 100;
/** Characters of JSON: a batch that has reached them is full. */
export const BATCH_CHARACTERS = 262_144;

/** Statements of the relay. Named, so that each connection parses them once: some run many times a second. */
export const relayStore = (pool: pg.Pool) => ({
  /**
   * Takes rows that are in no queue yet, marks them as published and assigns each to a batch, all in one statement. An event that is the
   * only one of its batch gives it its id: so it is found again, and can be put back by a command.
   */
  take: async (limit: number): Promise<TakenRow[]> => {
    const { rows } = await pool.query<TakenRow>({
      name: 'relay_take',
      text: `with free as materialized (
          select id, event_id, queue, envelope::text as envelope from outbox
          where published_at is null and (claimed_until is null or claimed_until < now())
          order by id limit $1 for update skip locked
        ), packed as materialized (
          select id, event_id, queue, envelope,
            (row_number() over earlier - 1) / $2::int as by_number,
            (sum(length(envelope)) over earlier - length(envelope)) / $3::int as by_size
          from free window earlier as (partition by queue order by id)
        ), batch as materialized (
          select queue, by_number, by_size,
            case when count(*) = 1 then (array_agg(event_id))[1] else gen_random_uuid() end as job_id
          from packed group by queue, by_number, by_size
        )
        update outbox set published_at = now(), claimed_until = null, attempts = attempts + 1, job_id = batch.job_id
        from packed join batch using (queue, by_number, by_size)
        where outbox.id = packed.id
        returning outbox.id, outbox.event_id, outbox.queue, packed.envelope, outbox.job_id`,
      values: [limit, BATCH_EVENTS, BATCH_CHARACTERS],
    });
    return rows.sort((a, b) => a.id - b.id);
  },

  /** Could not be published after all. */
  release: async (ids: number[], jobIds: string[]): Promise<void> => {
    await pool.query({
      name: 'relay_release',
      text: `update outbox set published_at = null, claimed_until = null, job_id = null
        where id = any($1::bigint[]) and job_id = any($2::uuid[]) and confirmed_at is null`,
      values: [ids, jobIds],
    });
  },

  /** Rows that have been in their queue for a while, and are not known to have had their effect. */
  unconfirmed: async (limit: number, afterSeconds: number): Promise<SentRow[]> => {
    const { rows } = await pool.query<SentRow>({
      name: 'relay_unconfirmed',
      text: `select id, event_id, queue, coalesce(job_id, event_id) as job_id from outbox
        where confirmed_at is null and published_at < now() - make_interval(secs => $2)
          and (claimed_until is null or claimed_until < now())
        order by id limit $1`,
      values: [limit, afterSeconds],
    });
    return rows;
  },

  confirmed: async (ids: number[]): Promise<void> => {
    await pool.query({
      name: 'relay_confirmed',
      text: 'update outbox set confirmed_at = now(), claimed_until = null where id = any($1::bigint[])',
      values: [ids],
    });
  },

  /** Lost by the queue: to be published again. */
  lost: async (ids: number[]): Promise<void> => {
    await pool.query({
      name: 'relay_lost',
      text: `update outbox set published_at = null, claimed_until = null, job_id = null
        where id = any($1::bigint[]) and confirmed_at is null`,
      values: [ids],
    });
  },

  /** Not done with the others of their batch: each is in one of its own now, which has the event's id. */
  markIsolated: async (ids: number[], lookAgainSeconds: number): Promise<void> => {
    await pool.query({
      name: 'relay_isolated',
      text: `update outbox set job_id = event_id, claimed_until = now() + make_interval(secs => $2)
        where id = any($1::bigint[]) and published_at is not null`,
      values: [ids, lookAgainSeconds],
    });
  },

  /** Still active: checked again when half of its time in the queue has passed once more, within a minute. Not rows that were released meanwhile. */
  lookAgainLater: async (ids: number[], atLeastSeconds: number): Promise<void> => {
    await pool.query({
      name: 'relay_later',
      text: `update outbox set claimed_until =
          now() + greatest(make_interval(secs => $2), least((now() - published_at) / 2, interval '1 minute'))
        where id = any($1::bigint[]) and published_at is not null`,
      values: [ids, atLeastSeconds],
    });
  },

  /** @returns how many rows were deleted; as many as `limit` means that there may be more */
  deleteOld: async (before: { confirmed: Date; inbox: Date; keys: Date }, limit: number): Promise<number> => {
    const outbox = await pool.query(
      `delete from outbox where id in
         (select id from outbox where confirmed_at < $1 limit $2 for update skip locked)`,
      [before.confirmed, limit],
    );
    const inbox = await pool.query(
      `delete from inbox where event_id in
         (select event_id from inbox where processed_at < $1 limit $2 for update skip locked)`,
      [before.inbox, limit],
    );
    const keys = await pool.query(
      `delete from idempotency_keys where (scope, key) in
         (select scope, key from idempotency_keys where created_at < $1 limit $2 for update skip locked)`,
      [before.keys, limit],
    );
    return Math.max(outbox.rowCount ?? 0, inbox.rowCount ?? 0, keys.rowCount ?? 0);
  },
});

export type RelayStore = ReturnType<typeof relayStore>;
