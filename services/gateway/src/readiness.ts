import type { Clock } from '@smartserver/service-kit';

const FRESH_MS = 1_000;

/** `/readyz` is public: however often it is asked, a dependency is asked once a second at most. */
export const sharedCheck = (check: () => Promise<void>, clock: Clock): (() => Promise<void>) => {
  let latest: { startedAt: number; result: Promise<void> } | null = null;
  return () => {
    const now = clock.now().getTime();
    if (latest === null || now - latest.startedAt >= FRESH_MS) latest = { startedAt: now, result: check() };
    return latest.result;
  };
};
