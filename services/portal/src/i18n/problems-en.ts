export const problemsEn = {
  unexpected: {
    title: 'Something unexpected happened',
    advice: 'Try again. If it stays, tell Customer Success the reference below.',
  },
  unreachable: {
    title: 'The server cannot be reached',
    advice:
      'Check the Internet connection of this device and try again. Trying again is safe: it has an effect only once.',
  },
  input: {
    title: 'Something in the input is not right',
    advice: 'Check what you have entered and try again.',
  },
  session: { title: 'Your session has ended', advice: 'Sign in again.' },
  not_allowed: {
    title: 'Your sign-in does not allow this',
    advice: 'Sign in with the e-mail address that is a contact of the project, or ask your integrator.',
  },
  contact_customer_success: {
    title: 'Customer Success does this for you',
    advice: 'Send them the License ID and the install code of the SmartServer. They make the file.',
  },
  not_found: { title: 'This was not found', advice: 'The link may be out of date. Start again from your licenses.' },
  license_not_found: {
    title: 'This license was not found',
    advice:
      'Compare the License ID with the e-mail from your integrator. A license that was taken back is no longer visible here.',
  },
  license_in_use: {
    title: 'The license is on a SmartServer already',
    advice: 'It can be on one SmartServer only. Return it from there first: look at the license to see where it is.',
  },
  license_not_available: {
    title: 'The license cannot be used right now',
    advice: 'It is just being changed, or it is no longer in your project. Wait a moment and look at it again.',
  },
  license_suspended: {
    title: 'The license is suspended',
    advice: 'Customer Success can tell you why, and reinstate it.',
  },
  license_revoked: { title: 'The license was revoked', advice: 'It cannot be used any more. Ask Customer Success.' },
  controller_in_use: {
    title: 'This SmartServer belongs to another project',
    advice:
      'It holds licenses of another account. Check the install code. If it is right, those licenses must be returned first.',
  },
  controller_key: {
    title: 'The SmartServer could not prove who it is',
    advice:
      'It signs with another key than the one we know, for instance after a replacement. Customer Success can reset the key.',
  },
  challenge_failed: {
    title: 'This code is not right',
    advice: 'Check the six digits in the newest e-mail. After five tries or ten minutes, ask for a new code.',
  },
  file_gone: { title: 'This activation file was not found', advice: 'Look at the license: it lists its files.' },
  request_file_invalid: {
    title: 'This request file cannot be used',
    advice: 'Make a new request file on the SmartServer and choose it unchanged. An edited or damaged file is refused.',
  },
  receipt_invalid: {
    title: 'This return receipt cannot be used',
    advice:
      'Make the receipt again on the SmartServer that held the license, and hand it in unchanged. If the install code was typed by hand, hand in a request file at the license first.',
  },
  file_wrong_controller: {
    title: 'This file is for another SmartServer',
    advice: 'Use the file that was made for the install code on the label.',
  },
  file_superseded: { title: 'A newer file has replaced this one', advice: 'Use the newest file.' },
  file_damaged: {
    title: 'The file was changed or damaged',
    advice: 'Copy it from the SmartServer again and do not edit it.',
  },
  start_over: {
    title: 'Something has changed in the meantime',
    advice: 'Reload the page, look at where the license is now, and start again if needed.',
  },
  rate_limited: {
    title: 'Too many tries',
    advice: 'To protect your licenses, tries are limited. Wait a moment and try again.',
  },
  too_large: { title: 'This file is too large', advice: 'Choose the file that the SmartServer made.' },
  internal: {
    title: 'Something went wrong on our side',
    advice: 'Try again: it has an effect only once. If it stays, tell Customer Success the reference below.',
  },
  unavailable: {
    title: 'The service does not answer right now',
    advice: 'Try again in a moment. Nothing is lost, and trying again has an effect only once.',
  },
};
