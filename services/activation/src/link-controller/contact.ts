/** A controller and the account that it is to be, or is, linked to. */
export type Contact = {
  installCode: string;
  partnerId: string;
  customerId: string;
  /** Null: no device speaks, a portal does. */
  deviceKey: string | null;
};

/** Whom a controller is linked to. `deviceKey` null: no key has enrolled, or Customer Success has reset it. */
export type Link = { customerId: string; deviceKey: string | null };

export const linkOf = (controller: { customer_id: string; device_key: string | null }): Link => ({
  customerId: controller.customer_id,
  deviceKey: controller.device_key,
});

/**
 * What a contact means for a controller [domain.md rule 13]:
 * `known` nothing changes; `enrolled` its key is recorded; `taken_over` another key or account takes the controller over,
 * of which the contacts of both are notified; the others refuse.
 */
export type ContactVerdict = 'known' | 'enrolled' | 'taken_over' | 'device_proof_invalid' | 'controller_in_use';

/**
 * Rule 13, the one place: an install code is printed on a label and is no secret. What protects a controller is the key it
 * enrolled with, and that only while licenses are on it.
 * @param contact `deviceKey` null: no device speaks, a portal does, which leaves the key as it is
 * @param licenseCount licenses that are on the controller now
 */
export const judgeContact = (current: Link, contact: Link, licenseCount: number): ContactVerdict => {
  const otherKey = current.deviceKey !== null && contact.deviceKey !== null && current.deviceKey !== contact.deviceKey;
  const otherCustomer = current.customerId !== contact.customerId;
  if (licenseCount > 0) {
    // The key first: without it nothing is revealed about whose the licenses are.
    if (otherKey) return 'device_proof_invalid';
    if (otherCustomer) return 'controller_in_use';
  } else if (otherKey || otherCustomer) {
    return 'taken_over';
  }
  return current.deviceKey === null && contact.deviceKey !== null ? 'enrolled' : 'known';
};
