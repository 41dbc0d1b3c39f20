import { type ConfigOf, pem } from '@smartserver/service-kit';
import { makeValidator, str } from 'envalid';

const CONTACT = 'EnOcean Customer Success';

/** A line for people; an empty one is none. */
const contact = makeValidator<string>((text) => text.trim() || CONTACT);

const licenseKeys = {
  LICENSE_SIGNING_KEY: pem({ default: '', desc: 'Private Ed25519 key that signs license documents, PKCS #8 PEM' }),
  LICENSE_KEY_PASSPHRASE: str({ default: '', desc: 'Passphrase of that key, if it is encrypted' }),
  LICENSE_SIGNING_CERTIFICATE: str({ default: '', desc: 'Certificate of that key, issued with the root key' }),
  LICENSE_ROOT_PUBLIC_KEY: pem({ default: '', desc: 'Public root key that controllers have, SPKI PEM' }),
  LICENSE_PREVIOUS_CERTIFICATES: str({
    default: '',
    desc: 'Certificates of earlier signing keys, separated by blanks',
  }),
  LICENSE_KEY_REVOCATIONS: str({ default: '', desc: 'Newest statement of revoked signing keys, by the root key' }),
};

/** Environment variables of this service. */
export const config = {
  ...licenseKeys,
  CUSTOMER_SUCCESS_CONTACT: contact({
    default: CONTACT,
    desc: 'How to reach Customer Success, as people read it: a name, an address or a telephone number',
  }),
};

export type Config = ConfigOf<typeof config>;

/** Variables that the command needs, too. */
export const commandConfig = Object.keys(licenseKeys) as (keyof typeof licenseKeys)[];
