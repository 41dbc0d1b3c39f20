import type { Clock } from '@smartserver/service-kit';
import { type RateLimiterAbstract, RateLimiterRes } from 'rate-limiter-flexible';

/** What a limit says to one request. */
export type Verdict = {
  allowed: boolean;
  /** Requests in a window. */
  limit: number;
  remaining: number;
  /** Milliseconds until the window ends. */
  resetMs: number;
};

/** Part of a key's budget that this process may spend without asking again. */
type Lease = {
  left: number;
  /** What nobody has leased yet. */
  elsewhere: number;
  /** Milliseconds, epoch. */
  endsAt: number;
  /** Under way: everybody who waits for the same key shares one question. */
  refill: Promise<Verdict | null> | null;
};

const MAX_LEASES = 10_000;

/**
 * A shared limit that seldom asks the store it is shared through: it takes a hundredth of the budget at a time, so that most
 * requests cost no round trip (measured: two of them cost as much as the whole rest of a proxied request). Never lets more
 * pass than the limit, over all processes; a key that moves between n of them may be stopped up to n hundredths early. Limits
 * below 200 are asked for one by one, and so are exact.
 */
export class LeasedLimiter {
  private readonly leases = new Map<string, Lease>();
  private readonly size: number;

  constructor(
    private readonly store: RateLimiterAbstract,
    private readonly clock: Clock,
  ) {
    this.size = Math.max(1, Math.floor(store.points / 100));
  }

  async take(key: string): Promise<Verdict> {
    for (;;) {
      const lease = this.leaseOf(key);
      if (lease.left > 0) {
        lease.left -= 1;
        return this.verdict(true, lease.elsewhere + lease.left, lease.endsAt - this.now());
      }
      lease.refill ??= this.refill(key, lease);
      const refusal = await lease.refill;
      if (refusal !== null) return refusal;
    }
  }

  private leaseOf(key: string): Lease {
    const known = this.leases.get(key);
    if (known !== undefined && (known.refill !== null || known.endsAt > this.now())) return known;
    this.leases.delete(key);
    if (this.leases.size >= MAX_LEASES) this.forgetOldest();
    const fresh: Lease = { left: 0, elsewhere: 0, endsAt: Number.POSITIVE_INFINITY, refill: null };
    this.leases.set(key, fresh);
    return fresh;
  }

  /** A Map keeps the order of insertion. */
  private forgetOldest(): void {
    for (const key of this.leases.keys()) {
      this.leases.delete(key);
      return;
    }
  }

  private async refill(key: string, lease: Lease): Promise<Verdict | null> {
    try {
      const granted = await this.store.consume(key, this.size);
      lease.left = this.size;
      lease.elsewhere = granted.remainingPoints;
      lease.endsAt = this.now() + granted.msBeforeNext;
      return null;
    } catch (refusal) {
      // Anything else is a store that fails without an understudy: a limit must not be what stops the gateway.
      if (!(refusal instanceof RateLimiterRes)) return this.verdict(true, 0, 0);
      return this.verdict(false, 0, refusal.msBeforeNext);
    } finally {
      lease.refill = null;
    }
  }

  private verdict(allowed: boolean, remaining: number, resetMs: number): Verdict {
    return { allowed, limit: this.store.points, remaining, resetMs };
  }

  private now(): number {
    return this.clock.now().getTime();
  }
}
