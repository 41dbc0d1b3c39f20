import type { Handlers } from '@smartserver/service-kit';
import type { NotificationTables } from '../db.ts';
import type { MailingDeps } from '../emails/mailing-service.ts';
import { onControllerRelinked } from './controller-relinked.ts';
import { onCustomerChanged } from './customer-changed.ts';
import { inOrder } from './in-order.ts';
import { onLicenseChanged } from './license-changed.ts';
import { onLicensesActivated } from './licenses-activated.ts';
import { onLicensesMoved } from './licenses-moved.ts';
import { onLicensesTransferred } from './licenses-transferred.ts';
import { onPortalCodeRequested } from './portal-code-requested.ts';

/** Every event that this service takes, with what it does in the transaction that records the event as seen. */
export const notificationHandlers = (deps: MailingDeps): Handlers<NotificationTables> => ({
  'customer.changed.1': onCustomerChanged,
  'licenses.transferred.1': onLicensesTransferred(deps),
  'license.changed.1': onLicenseChanged,
  'licenses.activated.1': inOrder(onLicensesMoved, onLicensesActivated(deps)),
  'licenses.returned.1': onLicensesMoved,
  'controller.relinked.1': onControllerRelinked(deps),
  'portal-code.requested.1': onPortalCodeRequested(deps),
});
