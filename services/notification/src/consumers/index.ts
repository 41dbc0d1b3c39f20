import type { Handlers } from '@smartserver/service-kit';
import type { NotificationTables } from '../db.ts';
import type { MailingDeps } from '../emails/mailing-service.ts';
import { onControllerRelinked } from './controller-relinked.ts';
import { onCustomerChanged } from './customer-changed.ts';
import { onLicensesActivated } from './licenses-activated.ts';
import { onLicensesTransferred } from './licenses-transferred.ts';
import { onPortalCodeRequested } from './portal-code-requested.ts';

/** Every event that this service takes, with what it does in the transaction that records the event as seen. */
export const notificationHandlers = (deps: MailingDeps): Handlers<NotificationTables> => ({
  'customer.changed.1': onCustomerChanged,
  'licenses.transferred.1': onLicensesTransferred(deps),
  'licenses.activated.1': onLicensesActivated(deps),
  'controller.relinked.1': onControllerRelinked(deps),
  'portal-code.requested.1': onPortalCodeRequested(deps),
});
