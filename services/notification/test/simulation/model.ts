import { type Action, DAY, partnerOf, type Settings, STAFF } from './actions.ts';

type Audience = 'account' | number;
type License = Extract<Action, { do: 'activate' }> & {
  standing: string;
  on: boolean;
  begun: number;
  /** The first day of which something is still to be told. */
  waiting: number | null;
  told: boolean;
};
type Line = { license: License; threshold: number | null; audience: Audience; to: string; isVoid: boolean };
export type ModelEmail = { about: string; lines: Line[]; outcome: 'pending' | 'sent' | 'cancelled' };
type Account = { contacts: string[]; settings: Settings; silenced: string[] };

const DEFAULTS: Settings = {
  contacts: true,
  recipients: [],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
};
const dayOf = (at: number) => Math.floor(at / DAY);
const lower = (email: string) => email.toLowerCase();
const runs = (license: License) => license.on && license.standing === 'good';

/** What is to be told: worked out day by day from what happens, without a database, a date that is looked ahead to, or the service. */
export class Model {
  readonly emails: ModelEmail[] = [];
  private pending: ModelEmail[] = [];
  private readonly licenses: License[] = [];
  private readonly renewals = new Map<number, License[]>();
  private readonly accounts = new Map<number, Account>();
  private readonly digests = new Map<number, { settings: Omit<Settings, 'contacts'>; through: number }>();
  private readonly known = new Set<string>();

  private account(number: number): Account {
    const account = this.accounts.get(number) ?? { contacts: [], settings: DEFAULTS, silenced: [] };
    this.accounts.set(number, account);
    return account;
  }

  private ending(license: License): number {
    if (!runs(license)) return 0;
    const goOn = (this.renewals.get(license.license) ?? []).filter(
      (one) => runs(one) && one.controller === license.controller,
    );
    return Math.max(
      0,
      goOn.reduce((left, one) => left - one.devices, license.devices),
    );
  }

  private recipients(audience: Audience, license: License): string[] {
    if (audience !== 'account') return this.digests.get(audience)?.settings.recipients ?? [];
    const { contacts, settings, silenced } = this.account(license.account);
    return [...(settings.contacts ? contacts : []), ...settings.recipients].filter(
      (email) => !silenced.includes(lower(email)),
    );
  }

  private settings = (audience: Audience, license: License) =>
    audience === 'account' ? this.account(license.account).settings : this.digests.get(audience)?.settings;

  apply(action: Action, at: number): void {
    const today = dayOf(at);
    let touched: (License | undefined)[] = [];
    if (action.do === 'contacts') this.account(action.account).contacts = action.contacts;
    else if (action.do === 'silence') this.account(action.account).silenced.push(action.email);
    else if (action.do === 'digest') {
      const through = Math.min(this.digests.get(action.partner)?.through ?? today, today - 1);
      this.digests.set(action.partner, { settings: action.settings, through });
    } else if (action.do === 'settings') {
      this.account(action.account).settings = action.settings;
      touched = this.licenses.filter((license) => license.account === action.account);
    } else {
      if (action.do === 'activate') {
        const license = {
          ...action,
          standing: 'good',
          on: true,
          begun: at,
          waiting: null,
          told: action.renews === null,
        };
        this.licenses[action.license] = license;
        if (action.renews !== null)
          this.renewals.set(action.renews, [...(this.renewals.get(action.renews) ?? []), license]);
      }
      const license = this.licenses[action.license] as License;
      if (action.do === 'standing') license.standing = action.standing;
      if (action.do === 'return') license.on = false;
      if (action.do === 'move') Object.assign(license, { on: true, controller: action.controller });
      touched = [license, this.licenses[license.renews ?? -1]];
    }
    for (const license of touched) if (license !== undefined) this.look(license, today);
    for (const email of this.pending) this.takeBack(email);
    this.pending = this.pending.filter(({ outcome }) => outcome === 'pending');
  }

  /** Whether there is something of today, or of a day before, that is still to be told. */
  private look(license: License, today: number): void {
    const { thresholds } = this.account(license.account).settings;
    const days = thresholds.map((before) => dayOf(license.expires) - before);
    const due = days.filter((day) => day >= (license.waiting ?? today) && day <= today);
    license.waiting = due.length === 0 || this.ending(license) === 0 ? null : Math.min(...due);
  }

  newDay(at: number): void {
    for (const license of this.licenses) if (Math.abs(license.expires - at) < 200 * DAY) this.look(license, dayOf(at));
  }

  private takeBack(email: ModelEmail): void {
    for (const line of email.lines) {
      const { license, threshold, audience, to } = line;
      const settings = this.settings(audience, license);
      const isTrue = threshold === null ? runs(license) : this.ending(license) > 0;
      const isWanted =
        threshold === null ? settings?.renewals : settings?.expirations && settings.thresholds.includes(threshold);
      if (!isTrue || !isWanted || !this.recipients(audience, license).some((one) => lower(one) === lower(to)))
        line.isVoid = true;
    }
    if (email.lines.every((line) => line.isVoid)) email.outcome = 'cancelled';
  }

  /** Tells all that is due. */
  run(at: number): void {
    const today = dayOf(at);
    const emails = new Map<string, ModelEmail>();
    const tell = (license: License, threshold: number | null, audience: Audience) => {
      for (const to of this.recipients(audience, license)) {
        const once = `${license.license} ${threshold} ${lower(to)}`;
        if (this.known.has(once)) continue;
        this.known.add(once);
        const owner = audience === STAFF ? 'staff' : partnerOf(license.account);
        const about = `${new Date(at).toISOString()} ${owner} ${lower(to)} ${threshold === null ? 'renewed' : 'expiring'}`;
        const email = emails.get(about) ?? { about, lines: [], outcome: 'pending' };
        email.lines.push({ license, threshold, audience, to, isVoid: false });
        emails.set(about, email);
      }
    };
    const nearest = (license: License, audience: Audience, since: number) => {
      const { thresholds = [], expirations = false } = this.settings(audience, license) ?? {};
      const due = thresholds.filter(
        (before) => dayOf(license.expires) - before >= since && dayOf(license.expires) - before <= today,
      );
      if (due.length > 0 && expirations && this.ending(license) > 0) tell(license, Math.min(...due), audience);
    };
    for (const license of this.licenses) {
      if (license.waiting !== null) nearest(license, 'account', license.waiting);
      license.waiting = null;
    }
    for (const [partner, digest] of this.digests) {
      for (const license of this.licenses) {
        const isTheirs = partner === STAFF || partner === partnerOf(license.account);
        if (isTheirs && Math.abs(license.expires - at) < 200 * DAY) nearest(license, partner, digest.through + 1);
      }
      digest.through = today;
    }
    for (const license of this.licenses.filter((one) => !one.told)) {
      license.told = true;
      for (const audience of ['account', STAFF, partnerOf(license.account)] as const) {
        if (runs(license) && today - dayOf(license.begun) <= 30 && this.settings(audience, license)?.renewals)
          tell(license, null, audience);
      }
    }
    this.emails.push(...emails.values());
    this.pending.push(...emails.values());
  }

  send(): void {
    for (const email of this.pending) email.outcome = 'sent';
    this.pending = [];
  }
}
