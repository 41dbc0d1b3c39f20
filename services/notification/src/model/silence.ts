export interface SilencesTable {
  /** Null: of the digests of Customer Success. */
  partner_id: string | null;
  /** Null: of the whole partner. */
  customer_id: string | null;
  /** In lower case. */
  email: string;
  reason: 'unsubscribed' | 'bounced';
  since: Date;
}
