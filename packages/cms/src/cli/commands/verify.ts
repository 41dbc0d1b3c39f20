import { fingerprint } from '@smartserver/license-document';
import { type Command, settingsOf, storedLicenses } from '../command.ts';
import { describeLicense, facts, instantText, table } from '../text.ts';
import { returnsJson, unansweredText } from '../views.ts';

/** Verifies the stored license document with nothing but the pinned root key: no network, no clock. */
export const verify: Command = async (invocation) => {
  const settings = await settingsOf(invocation);
  const found = await storedLicenses(invocation, settings);
  const { document, kid, rootKid, certificate } = found.stored;
  const rootFingerprint = fingerprint(settings.rootPublicKey);
  const [notBefore, notAfter] = [certificate.notBefore.toISOString(), certificate.notAfter.toISOString()];
  const rows = found.licenses.map((license) => [
    describeLicense(license),
    instantText(license.activatedAt),
    instantText(license.expiresAt),
    license.licenseId,
  ]);
  const text = [
    'The license document is genuine. It was verified with the root public key only, without the network.',
    '',
    facts([
      ['Install code', document.installCode],
      ['Customer ID', document.customerId],
      ['Serial', String(document.serial)],
      ['Issued', `${instantText(document.issuedAt)} by ${document.issuer}`],
      ['Signing key', `${kid}, certified from ${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`],
      ['Root key', rootFingerprint],
      ['Licenses', String(rows.length)],
    ]),
    ...(rows.length === 0 ? [] : ['', table(['Description', 'Activation date', 'Expires', 'License ID'], rows)]),
    ...unansweredText(found),
  ].join('\n');
  const signedBy = { kid, rootKid, rootFingerprint, certifiedFrom: notBefore, certifiedTo: notAfter };
  return {
    json: { valid: true, document, licenses: found.licenses, returnedOffline: returnsJson(found), signedBy },
    text,
  };
};
