import { loadConfig, mailSealKey, secretKey, serviceConfig } from '@smartserver/service-kit';
import { bool, makeValidator, str } from 'envalid';

const smtpAddress = makeValidator<string>((text) => {
  if (!URL.canParse(text) || !['smtp:', 'smtps:'].includes(new URL(text).protocol)) {
    throw new TypeError('not an address of smtp, smtps');
  }
  return text;
});

const publicAddress = makeValidator<string>((text) => {
  if (!URL.canParse(text) || !['http:', 'https:'].includes(new URL(text).protocol)) {
    throw new TypeError('not an address of http, https');
  }
  return text;
});

const positive = makeValidator<number>((text) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 10_000)
    throw new TypeError('not a whole number from 1 to 10000');
  return value;
});

const hour = makeValidator<number>((text) => {
  const value = Number(text);
  if (!/^\d{1,2}$/.test(text) || value > 23) throw new TypeError('not a whole hour from 0 to 23');
  return value;
});

const domain = makeValidator<string>((text) => {
  if (!/^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text)) throw new TypeError('not a domain name');
  return text;
});

const spec = {
  ...serviceConfig,
  SMTP_URL: smtpAddress({
    devDefault: 'smtp://127.0.0.1:1025',
    desc: 'The mail server, with user and password if it wants them',
  }),
  MAIL_FROM: str({
    devDefault: 'SmartServer License Management <licenses@smartserver.localhost>',
    desc: 'Sender of e-mails',
  }),
  MAIL_DOMAIN: domain({
    devDefault: 'smartserver.localhost',
    desc: 'Right-hand side of Message-IDs: a domain of the sender',
  }),
  MAIL_RETURN_PATH: str({
    default: '',
    desc: 'Address that mail servers send reports to about what they cannot deliver; that of MAIL_FROM if empty',
  }),
  PUBLIC_URL: publicAddress({
    devDefault: 'http://127.0.0.1:8080',
    desc: 'Where people reach the gateway: for links in e-mails',
  }),
  MAIL_SEAL_KEY: mailSealKey,
  MAIL_CONNECTIONS: positive({ default: 5, desc: 'Connections to the mail server' }),
  MAIL_TIMEOUT_SECONDS: positive({
    default: 60,
    desc: 'The longest that handing over one e-mail may take; after a crash it waits twice as long for another process',
  }),
  NOTICE_HOUR: hour({
    default: 6,
    desc: 'Hour of the day, UTC, from which what is due that day is told: notices of maintenance that expires',
  }),
  NOTICE_EVERY_SECONDS: positive({ default: 900, desc: 'How often what is due is looked for' }),
  MAIL_PER_SECOND: positive({ default: 20, desc: 'E-mails per second, at most' }),
  WEBHOOK_SEAL_KEY: secretKey({
    devDefault: Buffer.alloc(32, 'known to everybody'),
    desc: 'Encrypts the secrets of webhook endpoints: 32 random bytes in base64. Lost, each of them must be rotated',
    example: 'openssl rand -base64 32',
  }),
  WEBHOOK_TIMEOUT_SECONDS: positive({
    default: 15,
    desc: 'The longest that one attempt to deliver a webhook may take; after a crash it waits twice as long for another process',
  }),
  WEBHOOK_CONNECTIONS: positive({ default: 32, desc: 'Webhooks on their way at the same time' }),
  WEBHOOKS_ALLOW_INSECURE_TARGETS: bool({
    default: false,
    desc: 'For development: webhooks may go to http addresses, and to this machine',
  }),
};

/** Configuration of the notification service. In production SMTP_URL, MAIL_FROM, MAIL_DOMAIN, PUBLIC_URL, MAIL_SEAL_KEY and WEBHOOK_SEAL_KEY must be given. */
export type NotificationConfig = ReturnType<typeof notificationConfig>;

/** @throws ConfigError that names every faulty variable */
export const notificationConfig = (env: NodeJS.ProcessEnv) =>
  // Without it, envalid would take an unset NODE_ENV for production when it looks for defaults.
  loadConfig({ NODE_ENV: 'development', ...env }, spec);

/** The part of the configuration that commands read. @throws ConfigError that names every faulty variable */
export const commandConfig = (env: NodeJS.ProcessEnv) => {
  const { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE } = serviceConfig;
  return loadConfig(env, { NODE_ENV, LOG_LEVEL, DATABASE_URL, DATABASE_POOL_SIZE });
};
