import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { newLicenseKeySet, newSecret, newSecretKey } from '../secrets.ts';

const ENVIRONMENT = resolve('.env');
const ROOT_KEY = resolve('license-root-key.pem');

/** Environment files have no lines within a value: services read `\n` as a line end. */
const oneLine = (pem: string): string => pem.trim().replaceAll('\n', '\\n');

/** Secrets that an .env of an earlier version does not have. */
const ADDED_LATER = { MAIL_SEAL_KEY: newSecretKey, WEBHOOK_SEAL_KEY: newSecretKey };

/** Gives an .env of an earlier version what is new. @returns the names of what was added */
function addMissing(): string[] {
  const text = readFileSync(ENVIRONMENT, 'utf8');
  const missing = Object.entries(ADDED_LATER).filter(([name]) => !new RegExp(`^${name}=`, 'm').test(text));
  const lines = missing.map(([name, make]) => `${name}=${make()}\n`);
  if (lines.length > 0) appendFileSync(ENVIRONMENT, `${text.endsWith('\n') ? '' : '\n'}${lines.join('')}`);
  return missing.map(([name]) => name);
}

/** `npm run setup`: fresh secrets for docker-compose.yml. Never overwrites: a lost key cannot be made again. */
function setup(): void {
  const added = existsSync(ENVIRONMENT) ? addMissing() : [];
  if (added.length > 0) {
    console.log(`Added to .env: ${added.join(', ')}. The rest is as it was. Next: docker compose up --build --detach`);
    return;
  }
  for (const file of [ENVIRONMENT, ROOT_KEY]) {
    if (existsSync(file)) throw new Error(`${file} exists already. Move it away first if you really want new secrets.`);
  }
  const passphrase = newSecret(18);
  const keys = newLicenseKeySet(new Date(), passphrase);
  const lines = [
    '# Made by `npm run setup`. Keep it secret and backed up.',
    `POSTGRES_PASSWORD=${newSecret()}`,
    ...['ACCOUNT', 'LICENSE', 'ACTIVATION', 'NOTIFICATION'].map((name) => `${name}_DATABASE_PASSWORD=${newSecret()}`),
    `ACCOUNT_SECRET_KEY=${newSecretKey()}`,
    `MAIL_SEAL_KEY=${newSecretKey()}`,
    `WEBHOOK_SEAL_KEY=${newSecretKey()}`,
    `LICENSE_SIGNING_KEY=${oneLine(keys.signingKey)}`,
    `LICENSE_SIGNING_CERTIFICATE=${keys.signingCertificate}`,
    `LICENSE_ROOT_PUBLIC_KEY=${oneLine(keys.rootPublicKey)}`,
    '# Your mail server. The one below only keeps what it gets: it comes with `docker compose --profile trial up`.',
    'SMTP_URL=smtp://mail:1025',
    'MAIL_FROM=SmartServer Licensing <licensing@example.com>',
    'MAIL_DOMAIN=example.com',
    '# Where people reach the gateway: for links in e-mails.',
    'PUBLIC_URL=http://127.0.0.1:8080',
  ];
  writeFileSync(ROOT_KEY, keys.rootPrivateKey, { mode: 0o600, flag: 'wx' });
  writeFileSync(ENVIRONMENT, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  console.log(`Wrote .env (secrets of every service) and license-root-key.pem.

  The root key certifies signing keys and is not needed to run the system: move it offline.
  Its passphrase, shown only now:   ${passphrase}
  Its fingerprint, for the gateways: ${keys.rootFingerprint}

Next: set SMTP_URL, MAIL_FROM, MAIL_DOMAIN and PUBLIC_URL in .env, then
  docker compose up --build --detach
  docker compose exec account node services/account/dist/main.js create-staff --email you@example.com`);
}

try {
  setup();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
