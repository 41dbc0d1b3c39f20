/**
 * The catalogue of problems (RFC 9457). `title` says what happened, `advice` what to do about it. The code is the contract;
 * `type` is `/problems/{code}`, where the gateway serves a page for each. A caller's input is never part of either text.
 */
const problem = (status: number, title: string, advice: string) => ({ status, title, advice });

export const PROBLEMS = {
  validation_failed: problem(
    400,
    'The request is not valid',
    'Correct the fields named in `errors` and send it again.',
  ),
  malformed_request: problem(
    400,
    'The request cannot be read',
    'Send well-formed JSON (or a form, where the operation says so).',
  ),
  unauthenticated: problem(
    401,
    'A valid access token is needed',
    'Sign in again, or ask for a new token, and repeat the request.',
  ),
  invalid_credentials: problem(
    401,
    'The credentials are not right',
    'Check e-mail address, password and one-time code.',
  ),
  invalid_client: problem(
    401,
    'The client credentials are not right',
    'Check client id and secret, or rotate the secret.',
  ),
  session_expired: problem(401, 'The session has ended', 'Sign in again.'),
  second_factor_required: problem(
    401,
    'A one-time code is needed',
    'Send the six digits of your authenticator as `otp`.',
  ),
  scope_missing: problem(
    403,
    'This credential may not do that',
    'Use a credential that has the scope the operation names.',
  ),
  owner_required: problem(
    403,
    'Only the CMS Owner may manage licenses',
    'Sign in to the SmartServer CMS as a user of type Owner.',
  ),
  contact_customer_success: problem(
    403,
    'Customer Success does this',
    'Contact EnOcean Customer Success with the License ID.',
  ),
  device_proof_required: problem(
    403,
    'The device key must prove itself',
    'Open a CMS session with a proof signed by the device key.',
  ),
  device_proof_invalid: problem(
    403,
    'The proof of the device key is not valid',
    'Sign the proof with the key this controller is enrolled with; Customer Success can reset a lost key.',
  ),
  device_clock_wrong: problem(
    403,
    'The clock of the device is too far off',
    'Set the time from the `Date` header of this answer and sign again.',
  ),
  not_found: problem(404, 'There is no such thing here', 'Check the address of the request.'),
  partner_not_found: problem(404, 'There is no such partner', 'Check the partner id.'),
  customer_not_found: problem(404, 'There is no such customer', 'Check the Customer ID.'),
  contact_not_found: problem(404, 'There is no such contact', 'List the contacts of the customer.'),
  api_client_not_found: problem(404, 'There is no such API client', 'List the API clients.'),
  invitation_not_found: problem(
    404,
    'The invitation does not exist, was used, or has expired',
    'Ask Customer Success for a new invitation.',
  ),
  license_not_found: problem(
    404,
    'There is no such license',
    'Check the License ID and the account it was transferred to.',
  ),
  license_change_not_found: problem(404, 'There is no such license change', 'Look at the history of the license.'),
  controller_not_found: problem(404, 'There is no such controller', 'Check the install code on the label.'),
  release_not_found: problem(404, 'There is no such release', 'List the releases of the catalogue.'),
  webhook_endpoint_not_found: problem(404, 'There is no such webhook endpoint', 'List the webhook endpoints.'),
  webhook_delivery_not_found: problem(
    404,
    'There is no such delivery',
    'List the deliveries of the endpoint; they are kept for 30 days.',
  ),
  release_exists: problem(409, 'The catalogue has this release already', 'Edit the existing one.'),
  webhook_endpoint_limit_reached: problem(
    409,
    'There are as many webhook endpoints as there can be',
    'Delete one that is no longer needed.',
  ),
  webhook_endpoint_disabled: problem(409, 'The webhook endpoint is disabled', 'Enable it with PUT, then ask again.'),
  customer_name_taken: problem(
    409,
    'The partner already has a customer of this name',
    'Choose another name, or use the existing customer.',
  ),
  email_taken: problem(409, 'A user with this e-mail address exists', 'Use another address.'),
  contact_exists: problem(
    409,
    'The customer already has this contact',
    'Delete the existing contact first, or keep it.',
  ),
  contact_limit_reached: problem(
    409,
    'The customer has as many contacts as it can have',
    'Delete a contact that is no longer needed.',
  ),
  license_in_use: problem(
    409,
    'The license is active on a controller',
    'Transfer it back to the cloud from there first.',
  ),
  license_not_available: problem(
    409,
    'The license cannot be used for this now',
    'Look at where the license is, then try again.',
  ),
  license_not_on_controller: problem(
    409,
    'The license is not on this controller',
    'List the licenses of the controller.',
  ),
  license_suspended: problem(409, 'The license is suspended', 'Contact EnOcean Customer Success.'),
  license_revoked: problem(409, 'The license is revoked', 'Contact EnOcean Customer Success.'),
  controller_in_use: problem(
    409,
    'The controller holds licenses of another account',
    'Transfer them back to the cloud, then link it to the other Customer ID.',
  ),
  challenge_failed: problem(
    401,
    'The code is not right, or no longer good',
    'Check the six digits of the newest e-mail, or ask for a new code.',
  ),
  offline_activation_not_found: problem(
    404,
    'There is no such offline activation',
    'List the offline activations of the license.',
  ),
  request_file_invalid: problem(
    422,
    'The request file cannot be used',
    'Make a new request file on the SmartServer and upload it unchanged.',
  ),
  receipt_invalid: problem(
    422,
    'The return receipt cannot be used',
    'Make the receipt again on the SmartServer that held the license, and upload it unchanged.',
  ),
  file_wrong_controller: problem(
    422,
    'The file is for another controller',
    'Use the file that was made for the install code on the label.',
  ),
  file_superseded: problem(409, 'A newer license document has replaced the file', 'Use the newest file.'),
  file_signature_invalid: problem(
    422,
    'The signature of the file is not valid',
    'Download the file again; do not edit it.',
  ),
  split_mismatch: problem(
    422,
    'The parts do not add up to the license',
    'Give at least two parts of 1 device or more that add up to its device count.',
  ),
  renewal_mismatch: problem(
    422,
    'The license to renew does not fit',
    'Name a maintenance license of the same partner with enough devices that no renewal covers yet; renew its newest renewal otherwise.',
  ),
  webhook_target_refused: problem(
    422,
    'Webhooks cannot be sent to this address',
    'Give an https address of a public host, with port 443 or one from 1024 on, and without credentials in it.',
  ),
  idempotency_key_reused: problem(
    422,
    'The idempotency key was used for another request',
    'Use a new key for each new request.',
  ),
  precondition_failed: problem(
    412,
    'It was changed in the meantime',
    'Read it again and repeat the edit with the new ETag.',
  ),
  precondition_required: problem(
    428,
    'The edit needs an If-Match header',
    'Read the resource and send its ETag as If-Match.',
  ),
  method_not_allowed: problem(
    405,
    'The operation does not exist here',
    'See /openapi.json for the operations of this address.',
  ),
  payload_too_large: problem(413, 'The request body is too large', 'Send less at once.'),
  unsupported_media_type: problem(
    415,
    'The content type is not supported',
    'Send the content type that `detail` names.',
  ),
  rate_limited: problem(429, 'Too many requests', 'Wait for the seconds that Retry-After names.'),
  internal: problem(
    500,
    'Something went wrong on our side',
    'Repeat the request with the same Idempotency-Key; tell us the request id if it stays.',
  ),
  unavailable: problem(
    503,
    'The service cannot answer right now',
    'Repeat the request with the same Idempotency-Key after Retry-After seconds.',
  ),
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** One faulty place of the input. */
export type ProblemItem = {
  /** JSON pointer into the body, or `path/…`, `query/…`, `header/…`. */
  pointer: string;
  /** Code of the problem of this place. */
  code: string;
  /** What is wrong with it, without its value. */
  detail: string;
};

/** Body of every error answer, `application/problem+json` (RFC 9457). */
export type Problem = {
  type: string;
  title: string;
  /** @isInt */
  status: number;
  detail: string;
  /** The request id. */
  instance: string;
  code: string;
  errors?: ProblemItem[];
};
