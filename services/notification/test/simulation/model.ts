import { type Action, DAY, DEFAULTS, partnerOf, type Settings, STAFF } from './actions.ts';

/** An account's own notices, or the digest of a partner, or of Customer Success. */
type Audience = 'account' | number;
type Notifier = { settings: Settings; contacts: string[]; doneThrough: number };
type Line = { license: License; threshold: number | null; audience: Audience; to: string; email: ModelEmail };
type License = Extract<Action, { do: 'activate' }> & {
  standing: string;
  on: boolean;
  begun: number;
  /** The first day of which there is still a notice to come. */
  waiting: number | null;
  renewals: License[];
  lines: Line[];
};
export type ModelEmail = { about: string; lines: Line[]; void: Set<Line>; outcome: 'pending' | 'sent' | 'cancelled' };

const dayOf = (at: number) => Math.floor(at / DAY);
const runs = (license: License) => license.on && license.standing === 'good';
const ownerOf = (audience: Audience, license: License) => (audience === STAFF ? STAFF : partnerOf(license.account));

/** The notices to be made: worked out day by day from what happens, without a database, a date that is looked ahead to, or the service. */
export class Model {
  readonly emails: ModelEmail[] = [];
  private readonly pending: ModelEmail[] = [];
  private readonly licenses: License[] = [];
  /** Those whose end is near enough for notices. */
  private near: License[] = [];
  private readonly renewed: License[] = [];
  private readonly notifiers = new Map<string, Notifier>();
  private readonly silenced = new Set<string>();
  private readonly known = new Set<string>();

  private notifier(audience: Audience, account = 0): Notifier {
    const key = audience === 'account' ? `account ${account}` : `digest ${audience}`;
    const notifier = this.notifiers.get(key) ?? {
      settings: DEFAULTS,
      contacts: [],
      doneThrough: Number.POSITIVE_INFINITY,
    };
    this.notifiers.set(key, notifier);
    return notifier;
  }

  private ending(license: License): number {
    let left = runs(license) ? license.devices : 0;
    for (const one of license.renewals) if (runs(one) && one.controller === license.controller) left -= one.devices;
    return Math.max(0, left);
  }

  private recipients(audience: Audience, license: License): string[] {
    const { contacts, settings } = this.notifier(audience, license.account);
    const all = [...(settings.contacts ? contacts : []), ...settings.recipients].map((email) => email.toLowerCase());
    return all.filter((email) => !this.silenced.has(`${ownerOf(audience, license)} ${email}`));
  }

  apply(action: Action, at: number): void {
    let touched: License[] = [];
    if (action.do === 'contacts') this.notifier('account', action.account).contacts = action.contacts;
    else if (action.do === 'silence') this.silenced.add(`${action.partner} ${action.email}`);
    else if (action.do === 'unsilence') this.silenced.delete(`${action.partner} ${action.email}`);
    else if (action.do === 'digest') {
      const digest = this.notifier(action.partner);
      digest.settings = { ...DEFAULTS, ...action.settings };
      digest.doneThrough = Math.min(digest.doneThrough, dayOf(at) - 1);
    } else if (action.do === 'settings') {
      this.notifier('account', action.account).settings = action.settings;
      touched = this.licenses.filter(({ account }) => account === action.account);
    } else touched = this.move(action, at);
    for (const license of touched) this.look(license, dayOf(at));
    for (const { lines } of 'license' in action ? touched : this.pending) for (const line of lines) this.check(line);
  }

  /** @returns the licenses of which there may be other notices now */
  private move(action: Extract<Action, { license: number }>, at: number): License[] {
    if (action.do === 'activate') {
      const license = { ...action, standing: 'good', on: true, begun: at, waiting: null, renewals: [], lines: [] };
      this.licenses[action.license] = license;
      this.licenses[action.renews ?? -1]?.renewals.push(license);
      if (action.renews !== null) this.renewed.push(license);
    }
    const license = this.licenses[action.license] as License;
    if (action.do === 'standing') license.standing = action.standing;
    if (action.do === 'return') license.on = false;
    if (action.do === 'move') Object.assign(license, { on: true, controller: action.controller });
    return [license, this.licenses[license.renews ?? -1] ?? license];
  }

  /** Whether a notice of today, or of a day before, is still to be made. */
  private look(license: License, today: number): void {
    const days = this.notifier('account', license.account).settings.thresholds.map((n) => dayOf(license.expires) - n);
    const due = days.filter((day) => day >= (license.waiting ?? today) && day <= today);
    license.waiting = due.length === 0 || this.ending(license) === 0 ? null : Math.min(...due);
  }

  newDay(at: number): void {
    this.near = this.licenses.filter(({ expires }) => Math.abs(expires - at) < 200 * DAY);
    for (const license of this.near) this.look(license, dayOf(at));
  }

  /** What is no longer true, or wanted, is void for good, and so is an e-mail of nothing else. */
  private check(line: Line): void {
    const { license, threshold, audience, to, email } = line;
    const { thresholds, expirations, renewals } = this.notifier(audience, license.account).settings;
    const ends = this.ending(license) > 0 && expirations && thresholds.includes(threshold ?? -1);
    const stands = threshold === null ? runs(license) && renewals : ends;
    if (!stands || !this.recipients(audience, license).includes(to)) email.void.add(line);
    if (email.outcome === 'pending' && email.void.size === email.lines.length) email.outcome = 'cancelled';
  }

  run(at: number): void {
    const today = dayOf(at);
    const emails = new Map<string, ModelEmail>();
    const notify = (license: License, threshold: number | null, audience: Audience) => {
      for (const to of this.recipients(audience, license)) {
        const once = `${license.license} ${threshold} ${to}`;
        if (this.known.has(once)) continue;
        this.known.add(once);
        const about = `${at} ${ownerOf(audience, license)} ${to} ${threshold === null ? 'renewed' : 'expiring'}`;
        const email = emails.get(about) ?? { about, lines: [], void: new Set(), outcome: 'pending' };
        const line = { license, threshold, audience, to, email };
        for (const { lines } of [email, license]) lines.push(line);
        emails.set(about, email);
      }
    };
    const nearest = (license: License, audience: Audience, since: number) => {
      const { thresholds, expirations } = this.notifier(audience, license.account).settings;
      const days = thresholds.filter((n) => dayOf(license.expires) - n >= since && dayOf(license.expires) - n <= today);
      if (days.length > 0 && expirations && this.ending(license) > 0) notify(license, Math.min(...days), audience);
    };
    for (const license of this.near.filter(({ waiting }) => waiting !== null)) {
      nearest(license, 'account', license.waiting ?? today);
      license.waiting = null;
    }
    for (const audience of [STAFF, 0, 1, 2, 3]) {
      const digest = this.notifier(audience);
      if (digest.doneThrough >= today) continue;
      const theirs = this.near.filter((license) => ownerOf(audience, license) === audience);
      for (const license of theirs) nearest(license, audience, digest.doneThrough + 1);
      digest.doneThrough = today;
    }
    for (const license of this.renewed.splice(0).filter((one) => runs(one) && today - dayOf(one.begun) <= 30)) {
      for (const audience of ['account', STAFF, partnerOf(license.account)] as const)
        if (this.notifier(audience, license.account).settings.renewals) notify(license, null, audience);
    }
    this.emails.push(...emails.values());
    this.pending.push(...emails.values());
  }

  send(): void {
    for (const email of this.pending.splice(0)) if (email.outcome === 'pending') email.outcome = 'sent';
  }
}
