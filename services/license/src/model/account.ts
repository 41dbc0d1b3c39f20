import type { EventEnvelope } from '@smartserver/contracts';

/* Projections of account's partners and customers: that a partner exists, and whose a customer is. */

export type PartnerRow = { partner_id: string; version: number };

export const toPartnerRow = ({ data }: EventEnvelope<'partner.changed.1'>): PartnerRow => ({
  partner_id: data.partnerId,
  version: data.version,
});

export type CustomerRow = { partner_id: string; customer_id: string; version: number };

export const toCustomerRow = ({ data }: EventEnvelope<'customer.changed.1'>): CustomerRow => ({
  partner_id: data.partnerId,
  customer_id: data.customerId,
  version: data.version,
});
