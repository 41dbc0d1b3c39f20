import type pg from 'pg';
import { Counter, Gauge, Registry } from 'prom-client';

/** Metrics of all services of this process, distinguished by their label; `/metrics` shows them next to a service's own. */
export const messagingRegistry = new Registry();

const registers = [messagingRegistry];

export const eventsPublished = new Counter({
  name: 'events_published_total',
  help: 'Events put into their queue by the relay',
  labelNames: ['service'] as const,
  registers,
});

export const eventsLost = new Counter({
  name: 'events_lost_by_queue_total',
  help: 'Events that the queue had lost, or never got, and that were published again',
  labelNames: ['service'] as const,
  registers,
});

export const eventsTaken = new Counter({
  name: 'events_taken_total',
  help: 'Deliveries by outcome: done, later, failed, dead',
  labelNames: ['service', 'queue', 'outcome'] as const,
  registers,
});

type Backlog = { unpublished: number; unconfirmed: number; oldest: number; dead: number };

const NAMES: { [K in keyof Backlog]: { name: string; help: string } } = {
  unpublished: { name: 'outbox_unpublished', help: 'Events that are not in their queue yet' },
  unconfirmed: { name: 'outbox_unconfirmed', help: 'Events in a queue, not known to have had their effect' },
  oldest: { name: 'outbox_oldest_seconds', help: 'Age of the oldest event that is not known to have had its effect' },
  dead: { name: 'dead_letters', help: 'Messages this service could not take: see `main.js dead-letters list`' },
};

const sources = new Map<string, pg.Pool>();

/** One query for the four: the first gauge of a scrape makes it, the others wait for it. */
let reading: Promise<Map<string, Backlog>> | null = null;

const readAll = async (): Promise<Map<string, Backlog>> => {
  const found = new Map<string, Backlog>();
  await Promise.all(
    [...sources].map(async ([service, pool]) => {
      // A service whose database is down has no numbers now; the others have theirs.
      const backlog = await readBacklog(pool).catch(() => null);
      if (backlog !== null) found.set(service, backlog);
    }),
  );
  return found;
};

const readBacklog = async (pool: pg.Pool): Promise<Backlog | null> => {
  const { rows } = await pool.query<Backlog>(
    `select count(*) filter (where published_at is null) as unpublished,
       count(*) filter (where published_at is not null) as unconfirmed,
       coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as oldest,
       (select count(*) from dead_letters) as dead
     from outbox where confirmed_at is null`,
  );
  return rows[0] ?? null;
};

for (const [field, { name, help }] of Object.entries(NAMES) as [keyof Backlog, { name: string; help: string }][]) {
  new Gauge({
    name,
    help,
    labelNames: ['service'] as const,
    registers,
    async collect() {
      reading ??= readAll().finally(() => {
        reading = null;
      });
      this.reset();
      for (const [service, backlog] of await reading) this.set({ service }, backlog[field]);
    },
  });
}

/** @returns ends it */
export const showBacklog = (service: string, pool: pg.Pool): (() => void) => {
  sources.set(service, pool);
  return () => {
    if (sources.get(service) === pool) sources.delete(service);
  };
};
