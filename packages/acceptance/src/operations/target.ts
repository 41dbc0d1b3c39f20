import { randomBytes, randomUUID } from 'node:crypto';
import { createReturnReceipt, generateKey } from '@smartserver/license-document';

/**
 * What a request can name. `own` is the actor's, `sibling` of another account of the same partner, `foreign` of another
 * partner, `unknown` nobody's. Where a request uses something up, `own` gives another one each time.
 */
export type Target = {
  kind: 'own' | 'sibling' | 'foreign' | 'unknown';
  partnerId: string;
  customerId: string;
  contactId(): string;
  /** A license in the partner's inventory. */
  inventory(): string;
  /** A license that the customer may activate. */
  assigned(): string;
  /** A maintenance license that nothing renews. */
  maintenance(): string;
  /** A license on the controller. */
  active: string;
  /** Another one, which may be returned. */
  returnable: string;
  /** A license of the account that was the neighbour's before. */
  moved: string;
  installCode: string;
  /** A split that is done. */
  changeId: string;
  /** A license that was activated by a file. */
  offline: { id: string; licenseId: string; installCode: string; receipt: string };
  clientId(): string;
  /** A webhook endpoint that may be deleted. */
  endpointId(): string;
  /** Another one, with a delivery. */
  webhook: { endpointId: string; deliveryId: string };
  /** Token of an invitation that nobody has accepted. */
  invitation(): string;
};

export const newInstallCode = (): string => `0302${randomBytes(6).toString('hex').toUpperCase()}`;

/** Signed by a device that nobody knows. */
const unknownReceipt = (): string =>
  createReturnReceipt({
    deviceKey: generateKey(),
    installCode: newInstallCode(),
    customerId: randomUUID(),
    licenseIds: [randomUUID()],
    serial: 1,
    createdAt: new Date(),
    nonce: randomUUID(),
  });

/** Ids that look right and name nothing. */
export const unknownTarget = (): Target => ({
  kind: 'unknown',
  partnerId: randomUUID(),
  customerId: randomUUID(),
  contactId: randomUUID,
  inventory: randomUUID,
  assigned: randomUUID,
  maintenance: randomUUID,
  active: randomUUID(),
  returnable: randomUUID(),
  moved: randomUUID(),
  installCode: newInstallCode(),
  changeId: randomUUID(),
  offline: { id: randomUUID(), licenseId: randomUUID(), installCode: newInstallCode(), receipt: unknownReceipt() },
  clientId: randomUUID,
  endpointId: randomUUID,
  webhook: { endpointId: randomUUID(), deliveryId: randomUUID() },
  invitation: () => randomBytes(32).toString('base64url'),
});

/** Things that a request uses up. */
export class Pool {
  private readonly items: string[];
  private readonly what: string;

  constructor(what: string, items: string[]) {
    this.what = what;
    this.items = [...items];
  }

  /** One that was not given out yet. */
  readonly take = (): string => {
    const item = this.items.pop();
    if (item === undefined) throw new Error(`There is no ${this.what} left: the estate needs more.`);
    return item;
  };

  /** Always the same one: for requests that must not get it. */
  readonly look = (): string => {
    const [item] = this.items;
    if (item === undefined) throw new Error(`There is no ${this.what} left to look at.`);
    return item;
  };
}
