import type { EventType, LicenseKind } from '@smartserver/contracts';
import type { Cause, Clock, Ids, RequestContext } from '@smartserver/service-kit';
import type { Contact } from '../controllers/contact.ts';
import { activatableKinds } from '../licenses/kinds.ts';
import { type Term, termsFrom } from '../licenses/term.ts';

/** A request to activate licenses. */
export type ActivationCommand = {
  /** Without a device key only in the transaction that has linked the controller. */
  contact: Contact;
  licenseIds: readonly string[];
  cause: Cause;
  idempotency: RequestContext['idempotency'];
  /** Online by a device unless told otherwise. */
  way?: ActivationWay;
};

/** `kinds`: those that the caller may activate. */
type ActivationWay = { mode: 'online' | 'offline'; kinds: readonly LicenseKind[] };

const BY_DEVICE: ActivationWay = { mode: 'online', kinds: activatableKinds('cms') };

/** What became of one license: the codes of the problem catalogue, or why nothing stands against it. */
export type LicenseVerdict =
  | 'free'
  | 'held'
  | 'term_needed'
  | 'license_not_found'
  | 'contact_customer_success'
  | 'license_suspended'
  | 'license_revoked'
  | 'license_in_use'
  | 'license_not_available';

/** Answer of the activation statement. Only `done` has changed anything. */
export type ActivationRow = {
  /**
   * `contact`: the controller is not linked to this device as it stands (rule 13), `replay`: the key was used before, `again`:
   * something was committed too late to be seen, `term`: a renewal has to be dated first, `full`: too many licenses.
   */
  outcome: 'done' | 'replay' | 'contact' | 'again' | 'refused' | 'term' | 'full';
  /** Of the request that used the key before. */
  fingerprint: string | null;
  /** DocumentFacts as JSON text, of `done` and `replay`. */
  facts: string | null;
  /** One for each license, in the order asked, of `refused`. */
  verdicts: LicenseVerdict[] | null;
};

/** What the statement needs besides the command. */
export type StatementDeps = { clock: Clock; ids: Ids; kid: string };

/**
 * Parameters of the activation statement, in order. Everything the database cannot know is decided here: ids, the time, when a
 * term that starts now would end.
 * @param terms of renewals, in the order of the License IDs
 */
export const activationValues = (
  command: ActivationCommand,
  { clock, ids, kid }: StatementDeps,
  terms: readonly (Term | null)[] = command.licenseIds.map(() => null),
): unknown[] => {
  const { contact, licenseIds, cause, idempotency, way = BY_DEVICE } = command;
  const now = clock.now();
  const occurredAt = now.toISOString();
  const envelope = (type: EventType): string =>
    JSON.stringify({ id: ids.ordered(), type, occurredAt, actor: cause.actor, traceparent: cause.traceparent });
  return [
    contact.installCode,
    contact.customerId,
    contact.deviceKey,
    occurredAt,
    licenseIds,
    licenseIds.map(() => ids.ordered()),
    terms.map((term) => term?.expiresAt.toISOString() ?? null),
    termsFrom(now).map((date) => date.toISOString()),
    envelope('licenses.activated.1'),
    envelope('controller.changed.1'),
    idempotency?.scope ?? null,
    idempotency?.key ?? null,
    idempotency?.fingerprint ?? null,
    kid,
    way.mode,
    way.kinds,
    terms.map((term) => term?.startsAt.toISOString() ?? null),
  ];
};
