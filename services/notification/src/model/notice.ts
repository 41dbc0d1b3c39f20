import type { Language } from '@smartserver/contracts';
import type { Generated } from 'kysely';

export interface NoticesTable {
  /** Null: in an e-mail of Customer Success. */
  partner_id: string | null;
  license_id: string;
  expires_at: Date;
  /** Null: that it was renewed. */
  threshold: number | null;
  recipient: string;
  audience: 'account' | 'partner' | 'staff';
  customer_id: string;
  recipient_name: string;
  language: Language;
  device_count: number;
  email_id: string | null;
  void: Generated<boolean>;
}
