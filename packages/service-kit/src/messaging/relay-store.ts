import type { QueueName } from '@smartserver/contracts';
import type pg from 'pg';

export type OutboxRow = { id: number; event_id: string; queue: QueueName; envelope: { type: string } };

/** Statements of the relay. Named, so that each connection parses them once: some run many times a second. */
export const relayStore = (pool: pg.Pool) => ({
  /** Takes rows that are not in their queue yet, for `leaseSeconds`: a relay that dies gives them free by that. */
  claim: async (limit: number, leaseSeconds: number): Promise<OutboxRow[]> => {
    const { rows } = await pool.query<OutboxRow>({
      name: 'relay_claim',
      text: `update outbox set claimed_until = now() + make_interval(secs => $2), attempts = attempts + 1
        where id in (
          select id from outbox
          where published_at is null and (claimed_until is null or claimed_until < now())
          order by id limit $1 for update skip locked)
        returning id, event_id, queue, envelope`,
      values: [limit, leaseSeconds],
    });
    return rows;
  },

  published: async (ids: number[]): Promise<void> => {
    await pool.query({
      name: 'relay_published',
      text: 'update outbox set published_at = now(), claimed_until = null where id = any($1::bigint[])',
      values: [ids],
    });
  },

  release: async (ids: number[]): Promise<void> => {
    await pool.query({
      name: 'relay_release',
      text: 'update outbox set claimed_until = null where id = any($1::bigint[]) and published_at is null',
      values: [ids],
    });
  },

  /** Rows that have been in their queue for a while, and are not known to have had their effect. */
  unconfirmed: async (limit: number, afterSeconds: number): Promise<OutboxRow[]> => {
    const { rows } = await pool.query<OutboxRow>({
      name: 'relay_unconfirmed',
      text: `select id, event_id, queue, null as envelope from outbox
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
      text: `update outbox set published_at = null, claimed_until = null
        where id = any($1::bigint[]) and confirmed_at is null`,
      values: [ids],
    });
  },

  /** Still on the way: looked at again when half of its time in the queue has passed once more, within a minute. */
  lookAgainLater: async (ids: number[], atLeastSeconds: number): Promise<void> => {
    await pool.query({
      name: 'relay_later',
      text: `update outbox set claimed_until =
          now() + greatest(make_interval(secs => $2), least((now() - published_at) / 2, interval '1 minute'))
        where id = any($1::bigint[])`,
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
