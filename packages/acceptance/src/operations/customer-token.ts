import { createDecipheriv, createPrivateKey, hkdfSync, randomUUID, sign } from 'node:crypto';
import { ACCESS_TOKEN, CUSTOMER_SCOPES } from '@smartserver/contracts';
import { Client } from 'pg';

const LIFE_SECONDS = 15 * 60;
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * An access token of a customer. No operation issues one yet, so it is made as account will make it: with account's own key,
 * read from its database and opened with its secret.
 * @param account URL of account's database
 * @param secretKey ACCOUNT_SECRET_KEY
 */
export async function customerToken(
  account: string,
  secretKey: string,
  sees: { customerIds: string[]; licenseIds: string[] },
): Promise<string> {
  const client = new Client({ connectionString: account });
  await client.connect();
  const text = 'select kid, private_key_sealed as sealed from signing_keys where published_until is null';
  const { rows } = await client.query<{ kid: string; sealed: Buffer }>(text).finally(() => client.end());
  const [key] = rows;
  if (key === undefined) throw new Error('Account has no token key.');
  const privateKey = createPrivateKey({ key: unseal(key.sealed, key.kid, secretKey), format: 'der', type: 'pkcs8' });

  const iat = Math.floor(Date.now() / 1000);
  const header = encode({ alg: ACCESS_TOKEN.algorithm, typ: ACCESS_TOKEN.type, kid: key.kid });
  const claims = encode({
    iss: ACCESS_TOKEN.issuer,
    aud: ACCESS_TOKEN.audience,
    sub: randomUUID(),
    iat,
    exp: iat + LIFE_SECONDS,
    jti: randomUUID(),
    actor: 'customer',
    scope: CUSTOMER_SCOPES.join(' '),
    ...sees,
  });
  const signature = sign(null, Buffer.from(`${header}.${claims}`), privateKey).toString('base64url');
  return `${header}.${claims}.${signature}`;
}

/** Format byte, 12 bytes of IV, 16 of tag, AES-256-GCM bound to the owner. */
const unseal = (sealed: Buffer, owner: string, secretKey: string): Buffer => {
  const key = Buffer.from(hkdfSync('sha256', Buffer.from(secretKey, 'base64'), '', 'smartserver-account sealing', 32));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 13)).setAAD(Buffer.from(owner));
  decipher.setAuthTag(sealed.subarray(13, 29));
  return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
};
