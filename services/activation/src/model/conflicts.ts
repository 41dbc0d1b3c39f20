import { change } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import type { Trx } from './tables.ts';

const REPEATABLE = new Set(['40P01', '40001']);

/** The SQLSTATE of a database error, the constraint it names, or nulls. */
export const databaseError = (error: unknown): { state: string | null; constraint: string | null } => {
  const { code, constraint } = (error instanceof Error ? error : {}) as { code?: unknown; constraint?: unknown };
  return {
    state: typeof code === 'string' ? code : null,
    constraint: typeof constraint === 'string' ? constraint : null,
  };
};

/** Whether the database rolled a transaction back only because of others that ran at the same time. */
export const isConflict = (error: unknown): boolean => REPEATABLE.has(databaseError(error).state ?? '');

/**
 * Repeats work that the database rolled back to end a deadlock. Locks are taken in one order, so this is a safety net: one of the
 * parties always gets through, and a few attempts suffice.
 * @param work runs from the beginning each time and must have no effect outside of its transaction
 */
export const withoutDeadlock = async <T>(work: () => Promise<T>, attempts = 5): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= attempts || !isConflict(error)) throw error;
    }
  }
};

/** {@link change} of the kit for work that locks controllers and licenses. */
export const changeLocked = <T>(
  deps: Pick<Deps, 'database' | 'relay'>,
  context: Parameters<typeof change>[1],
  work: (trx: Trx) => Promise<T>,
): Promise<T> => withoutDeadlock(() => change(deps, context, work));

/** For writes under no Idempotency-Key, or on behalf of a read. */
export const WITHOUT_KEY = { idempotency: null } as const;
