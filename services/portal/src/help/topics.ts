import type { ProblemCode } from '@smartserver/contracts';

/** What this portal has to say about each problem of the catalogue: in words of people who license a SmartServer. */
export const HELP_TOPICS = [
  'unexpected',
  'unreachable',
  'input',
  'session',
  'not_allowed',
  'contact_customer_success',
  'not_found',
  'license_not_found',
  'license_in_use',
  'license_not_available',
  'license_suspended',
  'license_revoked',
  'controller_in_use',
  'controller_key',
  'challenge_failed',
  'file_gone',
  'request_file_invalid',
  'receipt_invalid',
  'file_wrong_controller',
  'file_superseded',
  'file_damaged',
  'start_over',
  'rate_limited',
  'too_large',
  'internal',
  'unavailable',
] as const;

export type HelpTopic = (typeof HELP_TOPICS)[number];

/**
 * A topic for every code of the catalogue, so that a new code cannot be forgotten: this does not compile without it. Codes that
 * a customer never meets are `unexpected`.
 */
const TOPIC_OF: Record<ProblemCode, HelpTopic> = {
  validation_failed: 'input',
  malformed_request: 'unexpected',
  unauthenticated: 'session',
  invalid_credentials: 'unexpected',
  invalid_client: 'unexpected',
  session_expired: 'session',
  second_factor_required: 'unexpected',
  scope_missing: 'not_allowed',
  owner_required: 'unexpected',
  contact_customer_success: 'contact_customer_success',
  device_proof_required: 'controller_key',
  device_proof_invalid: 'controller_key',
  device_clock_wrong: 'unexpected',
  not_found: 'not_found',
  partner_not_found: 'unexpected',
  customer_not_found: 'not_found',
  contact_not_found: 'unexpected',
  api_client_not_found: 'unexpected',
  invitation_not_found: 'unexpected',
  license_not_found: 'license_not_found',
  license_change_not_found: 'unexpected',
  controller_not_found: 'not_found',
  customer_name_taken: 'unexpected',
  email_taken: 'unexpected',
  contact_exists: 'unexpected',
  contact_limit_reached: 'unexpected',
  license_in_use: 'license_in_use',
  license_not_available: 'license_not_available',
  license_not_on_controller: 'license_not_available',
  license_suspended: 'license_suspended',
  license_revoked: 'license_revoked',
  controller_in_use: 'controller_in_use',
  challenge_failed: 'challenge_failed',
  offline_activation_not_found: 'file_gone',
  request_file_invalid: 'request_file_invalid',
  receipt_invalid: 'receipt_invalid',
  file_wrong_controller: 'file_wrong_controller',
  file_superseded: 'file_superseded',
  file_signature_invalid: 'file_damaged',
  split_mismatch: 'unexpected',
  renewal_mismatch: 'unexpected',
  idempotency_key_reused: 'start_over',
  precondition_failed: 'start_over',
  precondition_required: 'unexpected',
  method_not_allowed: 'unexpected',
  payload_too_large: 'too_large',
  unsupported_media_type: 'unexpected',
  rate_limited: 'rate_limited',
  internal: 'internal',
  unavailable: 'unavailable',
};

/** @param code of a problem; one that this version does not know yet is unexpected */
export const topicOf = (code: string): HelpTopic =>
  Object.hasOwn(TOPIC_OF, code) ? TOPIC_OF[code as ProblemCode] : 'unexpected';
