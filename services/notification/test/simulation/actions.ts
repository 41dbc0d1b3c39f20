/** What people and machines do in the simulated years. Numbers name accounts, partners, licenses and controllers. */
export type Settings = {
  contacts: boolean;
  recipients: string[];
  thresholds: number[];
  expirations: boolean;
  renewals: boolean;
};

export type Action =
  | { do: 'contacts'; account: number; contacts: string[] }
  | { do: 'settings'; account: number; settings: Settings }
  /** Of one partner's e-mails; `partner` -1: of Customer Success's. */
  | { do: 'silence'; partner: number; email: string }
  | { do: 'unsilence'; partner: number; email: string }
  /** The same partners. */
  | { do: 'digest'; partner: number; settings: Omit<Settings, 'contacts'> }
  | {
      do: 'activate';
      license: number;
      account: number;
      controller: number;
      devices: number;
      renews: number | null;
      expires: number;
    }
  | { do: 'return'; license: number }
  | { do: 'move'; license: number; controller: number }
  | { do: 'standing'; license: number; standing: 'good' | 'suspended' | 'revoked' };

export const DEFAULTS: Settings = {
  contacts: true,
  recipients: [],
  thresholds: [90, 60, 30, 7, 1, 0],
  expirations: true,
  renewals: true,
};

export const DAY = 86_400_000;
export const START = Date.parse('2026-01-01T00:00:00.000Z');
export const PARTNERS = 4;
export const STAFF = -1;
export const ACCOUNTS = 40;
export const partnerOf = (account: number): number => account % PARTNERS;
