import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../model/tables.ts';
import type { Batch, Leased, Quota, Verdict } from './sender.ts';

/**
 * A table of deliveries: `attempts` counts leases, the column `failures` what the retry plan has counted, `next_attempt_at` says when the
 * delivery is due, or, while it is being sent, when its lease ends. The columns have their names from before they were one layout: see
 * README.md.
 */
export type DeliveryTable = {
  name: 'emails' | 'sign_in_emails' | 'webhook_deliveries';
  /** All of type uuid. */
  key: readonly string[];
  failures: 'deferrals' | 'failures';
  /** Null: a row is deleted when its delivery is over. */
  status: { column: 'outcome' | 'status'; done: 'sent' | 'delivered'; doneAt: 'sent_at' | 'delivered_at' } | null;
};

/** How many deliveries per second all processes together may take: a token bucket, one row, that holds one second's worth. */
export type Pace = { name: 'e-mails'; perSecond: number };

export type DueQuery = {
  /** Selects and locks (`for update skip locked`) the keys of due rows, at most `limit`. */
  due: (limit: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** What else is read of the rows, aliased `delivery`, and their joins. */
  columns: RawBuilder<unknown>;
  joins?: RawBuilder<unknown>;
  pace?: Pace;
};

const columnsOf = (alias: string, names: readonly string[]) =>
  sql.join(names.map((name) => sql.ref(`${alias}.${name}`)));

/** The tokens there are now, and what is left of them. A process whose clock is ahead holds others back by one second at most. */
const bucketOf = ({ name, perSecond }: Pace, now: Date) => ({
  bucket: sql`bucket as materialized (
    select least(${perSecond}::float8, tokens + ${perSecond}::float8
      * greatest(0, extract(epoch from ${now}::timestamptz - updated_at)::float8)) as tokens
    from pace where name = ${name} for update
  ),`,
  allowed: (limit: number) => sql`(select least(${limit}, greatest(0, floor(tokens)))::integer from bucket)`,
  spent: sql`, spent as (
    update pace set tokens = bucket.tokens - (select count(*) from due),
      updated_at = least(greatest(updated_at, ${now}::timestamptz), ${now}::timestamptz + interval '1 second')
    from bucket where name = ${name}
  )`,
});

const unpaced = { bucket: sql``, allowed: (limit: number) => sql`${limit}::integer`, spent: sql`` };

/** Takes due deliveries, with one statement. */
export const takeDue = async <T extends Leased>(
  db: Kysely<Tables>,
  table: DeliveryTable,
  { due, columns, joins = sql``, pace }: DueQuery,
  { limit, now, leaseEnd }: Pick<Quota, 'limit' | 'now' | 'leaseEnd'>,
): Promise<Batch<T>> => {
  const { bucket, allowed, spent } = pace === undefined ? unpaced : bucketOf(pace, now);
  // Materialized: the planner may otherwise run the locking query more than once and take more than `limit`. The pace comes after it: the
  // planner takes the index in the order of what is due only for a limit that it knows.
  const { rows } = await sql<T & { allowed: number }>`
    with ${bucket} locked as materialized (${due(sql`${limit}::integer`)}),
    due as materialized (select * from locked limit ${allowed(limit)}) ${spent}, taken as (
      update ${sql.table(table.name)} as delivery set attempts = delivery.attempts + 1, next_attempt_at = ${leaseEnd}
      from due where (${columnsOf('delivery', table.key)}) = (${columnsOf('due', table.key)})
      returning delivery.*
    )
    select ${allowed(limit)} as allowed, item.* from (values (1)) as one left join (
      select array[${columnsOf('delivery', table.key)}]::text[] as key, delivery.attempts,
        ${sql.ref(`delivery.${table.failures}`)} as failures, ${columns}
      from taken as delivery ${joins}
    ) as item on true`.execute(db);
  const items = rows.filter(({ key }) => key !== null);
  const tokens = rows[0]?.allowed ?? limit;
  // Where less is due than the pace allows, there is nothing to wait for.
  const isPaced = pace !== undefined && tokens < limit && items.length === tokens;
  return { items, waitMs: isPaced ? 1_000 / pace.perSecond : null };
};

/** Gives back what was taken and not sent. */
export const returnTokens = async (db: Kysely<Tables>, { name }: Pace, count: number): Promise<void> => {
  if (count === 0) return;
  await db
    .updateTable('pace')
    .set((eb) => ({ tokens: eb('tokens', '+', count) }))
    .where('name', '=', name)
    .execute();
};

/** Writes down what an attempt has shown, with one statement. @param more columns of this table alone */
export const recordVerdict = async (
  db: Kysely<Tables>,
  table: DeliveryTable,
  { key, attempts }: Pick<Leased, 'key' | 'attempts'>,
  verdict: Verdict,
  at: Date,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> => {
  const { status } = table;
  const isRow = sql`(${sql.join(table.key.map((name) => sql.ref(name)))}) = (${sql.join(key.map((id) => sql`${id}::uuid`))})`;
  const isPending = status === null ? sql`true` : sql`${sql.ref(status.column)} = 'pending'`;
  const isLeased = sql`${isRow} and attempts = ${attempts} and ${isPending}`;
  const set = (values: Readonly<Record<string, unknown>>, where: RawBuilder<unknown>) => {
    const columns = Object.entries({ ...values, ...more });
    const list = sql.join(columns.map(([name, value]) => sql`${sql.ref(name)} = ${value}`));
    return sql`update ${sql.table(table.name)} set ${list} where ${where}`.execute(db);
  };
  const counted = sql`${sql.ref(table.failures)} + 1`;
  const failure = 'failure' in verdict && status !== null ? { failure: verdict.failure } : {};

  if (verdict.kind === 'cut') await set({ next_attempt_at: at }, isLeased);
  else if (verdict.kind === 'retry') {
    const next = { next_attempt_at: new Date(at.getTime() + verdict.delayMs), ...failure };
    await set({ ...next, ...(verdict.counts ? { [table.failures]: counted } : {}) }, isLeased);
  } else if (status === null) {
    await sql`delete from ${sql.table(table.name)} where ${verdict.kind === 'done' ? isRow : isLeased}`.execute(db);
  } else if (verdict.kind === 'failed') {
    await set({ [status.column]: 'failed', [table.failures]: counted, ...failure }, isLeased);
  } else {
    const isOpen = sql`${isRow} and ${sql.ref(status.column)} <> ${status.done}`;
    await set({ [status.column]: status.done, [status.doneAt]: at, failure: null }, isOpen);
  }
};
