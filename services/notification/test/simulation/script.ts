import { ACCOUNTS, type Action, DAY, PARTNERS, type Settings, STAFF, START } from './actions.ts';

/** A sequence of pseudo-random numbers below 1 (mulberry32): the same for the same seed. */
export const randomFrom = (seed: number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

type Known = {
  id: number;
  account: number;
  controller: number;
  devices: number;
  expires: number;
  on: boolean;
  lost: boolean;
};

/** Writes what happens in the years: one call per half-day. */
export class Script {
  private readonly random: () => number;
  private readonly licenses: Known[] = [];
  private controllers = 0;

  constructor(
    seed: number,
    private readonly perDay: number,
    private readonly total: number,
  ) {
    this.random = randomFrom(seed);
  }

  private below = (limit: number): number => Math.floor(this.random() * limit);
  private chance = (part: number): boolean => this.random() < part;
  private some = <T>(all: readonly T[]): T[] => all.filter(() => this.chance(0.5));

  private addresses(account: number): string[] {
    // One is known to several accounts of several partners; the others to this account alone.
    return ['everywhere@example.com', `facility-${account}@example.com`, `Office-${account}@example.com`];
  }

  private settings(addresses: string[]): Settings {
    return {
      contacts: this.chance(0.8),
      recipients: this.some(addresses),
      thresholds: this.some([180, 90, 60, 45, 30, 14, 7, 1, 0]),
      expirations: this.chance(0.85),
      renewals: this.chance(0.7),
    };
  }

  /** What accounts and partners change, one after the other. */
  accounts(first: boolean): Action[] {
    const actions: Action[] = [];
    for (let account = 0; account < ACCOUNTS; account += 1) {
      const emails = this.addresses(account);
      if (first || this.chance(0.004)) actions.push({ do: 'contacts', account, contacts: this.some(emails) });
      if (this.chance(0.004))
        actions.push({ do: 'settings', account, settings: this.settings([...emails, 'boss@example.com']) });
    }
    for (let partner = STAFF; partner < PARTNERS; partner += 1) {
      const emails = [`digest${partner}@example.com`, ...(partner === STAFF ? [] : ['everywhere@example.com'])];
      if (this.chance(0.01)) {
        const some = [...emails, ...this.addresses(this.below(ACCOUNTS))];
        const email = (some[this.below(some.length)] ?? '').toLowerCase();
        actions.push({ do: this.chance(0.5) ? 'silence' : 'unsilence', partner, email });
      }
      if (!this.chance(first ? 0.5 : 0.006)) continue;
      const { contacts: _, ...settings } = this.settings(emails);
      actions.push({ do: 'digest', partner, settings });
    }
    return actions;
  }

  /** What happens to licenses, at most one thing to each. */
  ofLicenses(at: number): Action[] {
    const actions: Action[] = [];
    const touched = new Set<number>();
    while (this.controllers < this.total && this.chance(this.perDay / (this.perDay + 1))) {
      const account = this.below(ACCOUNTS);
      const fresh = this.add(account, this.controllers++, 100 + this.below(900), at + this.below(DAY / 4));
      actions.push({ ...fresh, renews: null });
    }
    for (const license of this.licenses) {
      if (license.lost || touched.has(license.id)) continue;
      const action = this.happensTo(license, at);
      if (action === null) continue;
      touched.add(license.id);
      actions.push(action);
    }
    return actions;
  }

  private add(account: number, controller: number, devices: number, begins: number) {
    const id = this.licenses.length;
    const date = new Date(begins);
    const expires = date.setUTCFullYear(date.getUTCFullYear() + 1);
    this.licenses.push({ id, account, controller, devices, expires, on: true, lost: false });
    return { do: 'activate' as const, license: id, account, controller, devices, expires };
  }

  private happensTo(license: Known, at: number): Action | null {
    const days = (license.expires - at) / DAY;
    // Most are renewed about the time of their end, in whole or in part, before or after it.
    if (license.on && days < 100 && days > -20 && this.chance(0.012)) {
      const devices = this.chance(0.6) ? license.devices : 1 + this.below(license.devices);
      const renewal = this.add(license.account, license.controller, devices, Math.max(license.expires, at));
      return { ...renewal, renews: license.id };
    }
    if (this.chance(0.9985) || days < -100) return null;
    const what = this.below(6);
    if (what === 0) {
      license.lost = this.chance(0.4);
      return { do: 'standing', license: license.id, standing: license.lost ? 'revoked' : 'suspended' };
    }
    if (what === 1) return { do: 'standing', license: license.id, standing: 'good' };
    if (what < 4) {
      license.on = false;
      return { do: 'return', license: license.id };
    }
    license.on = true;
    if (this.chance(0.3)) license.controller = this.controllers++;
    return { do: 'move', license: license.id, controller: license.controller };
  }

  /** Whether nothing runs, or nothing can be sent, on a day: some days follow each other. */
  readonly down = (): ((part: number) => boolean) => {
    let left = 0;
    return (part) => {
      if (left > 0) left -= 1;
      else if (this.chance(part)) left = 1 + this.below(12);
      return left > 0;
    };
  };
}

export const dayAt = (day: number, hour: number): number => START + day * DAY + hour * 3_600_000;
