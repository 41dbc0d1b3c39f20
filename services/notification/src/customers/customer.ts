import type { EventPayloads } from '@smartserver/contracts';

export type Contact = EventPayloads['customer.changed.1']['contacts'][number];

/** A customer/project as far as account has told it here. */
export type KnownCustomer = {
  customerId: string;
  partnerId: string;
  name: string;
  contacts: Contact[];
};
