import { forEachEvent, type Handlers } from '@smartserver/service-kit';
import type { MailingDeps } from '../emails/mailing-service.ts';
import type { Tables } from '../model/tables.ts';
import { TermService } from '../terms/term-service.ts';
import {
  customerChanged,
  licenseChanged,
  licensesActivated,
  licensesReturned,
  licensesTransferred,
} from '../webhooks/webhook.ts';
import { onControllerRelinked } from './controller-relinked.ts';
import { onCustomerChanged } from './customer-changed.ts';
import { inOrder } from './in-order.ts';
import { onLicenseChanged } from './license-changed.ts';
import { onLicensesActivated } from './licenses-activated.ts';
import { onLicensesMoved } from './licenses-moved.ts';
import { onLicensesTransferred } from './licenses-transferred.ts';
import { onPartnerChanged } from './partner-changed.ts';
import { onPortalCodeRequested } from './portal-code-requested.ts';
import { relinkedToWebhooks, toWebhooks } from './webhooks.ts';

/** Every event that this service takes, with what it does in the transaction that records the event as seen. */
export const notificationHandlers = (deps: MailingDeps): Handlers<Tables> => {
  const terms = new TermService(deps.clock);
  return {
    'partner.changed.1': forEachEvent(onPartnerChanged),
    'customer.changed.1': inOrder(forEachEvent(onCustomerChanged), toWebhooks(deps, customerChanged)),
    'licenses.transferred.1': inOrder(forEachEvent(onLicensesTransferred(deps)), toWebhooks(deps, licensesTransferred)),
    'license.changed.1': inOrder(forEachEvent(onLicenseChanged(terms)), toWebhooks(deps, licenseChanged)),
    'licenses.activated.1': inOrder(
      forEachEvent(onLicensesMoved(terms)),
      forEachEvent(onLicensesActivated(deps)),
      toWebhooks(deps, licensesActivated),
    ),
    'licenses.returned.1': inOrder(forEachEvent(onLicensesMoved(terms)), toWebhooks(deps, licensesReturned)),
    'controller.relinked.1': inOrder(forEachEvent(onControllerRelinked(deps)), relinkedToWebhooks(deps)),
    'portal-code.requested.1': forEachEvent(onPortalCodeRequested(deps)),
  };
};
