import type { Language } from '@smartserver/contracts';
import type { ColumnType } from 'kysely';

/** Who is notified, when and in which language. */
interface RecipientColumns {
  recipients: string[];
  thresholds: number[];
  expirations: boolean;
  renewals: boolean;
  language: Language;
  version: number;
}

export interface NotificationSettingsTable extends RecipientColumns {
  partner_id: string;
  customer_id: string;
  contacts: boolean;
}

export interface DigestSettingsTable extends RecipientColumns {
  /** Null: Customer Success's. */
  partner_id: string | null;
  /** `YYYY-MM-DD`, read as `told_through::text`. */
  told_through: ColumnType<never, string, string>;
}
