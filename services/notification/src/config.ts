import {
  type ConfigOf,
  DEVELOPMENT_KEY,
  domain,
  hour,
  httpAddress,
  integer,
  mailSealKey,
  secretKey,
  smtpAddress,
} from '@smartserver/service-kit';
import { bool, str } from 'envalid';

const positive = integer({ min: 1, max: 10_000 });

/** Environment variables of this service. In production those with a `devDefault` must be given. */
export const config = {
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
  PUBLIC_URL: httpAddress({
    devDefault: 'http://127.0.0.1:8080',
    desc: 'Where people reach the gateway: for links in e-mails',
  }),
  MAIL_SEAL_KEY: mailSealKey,
  MAIL_CONNECTIONS: positive({ default: 5, desc: 'Connections of this process to the mail server' }),
  MAIL_TIMEOUT_SECONDS: positive({
    default: 60,
    desc: 'The longest that handing over one e-mail may take; after a crash it waits twice as long for another process',
  }),
  NOTICE_HOUR: hour({
    default: 6,
    desc: 'Hour of the day, UTC, from which notices of maintenance of that day are due',
  }),
  NOTICE_EVERY_SECONDS: positive({ default: 900, desc: 'How often due notices are looked for' }),
  MAIL_PER_SECOND: positive({ default: 20, desc: 'E-mails per second of all processes together, at most' }),
  WEBHOOK_SEAL_KEY: secretKey({
    devDefault: DEVELOPMENT_KEY,
    desc: 'Encrypts the secrets of webhook endpoints: 32 random bytes in base64. Lost, each of them must be rotated',
    example: 'openssl rand -base64 32',
  }),
  WEBHOOK_TIMEOUT_SECONDS: positive({
    default: 15,
    desc: 'The longest that one attempt to deliver a webhook may take; after a crash it waits twice as long for another process',
  }),
  WEBHOOK_CONNECTIONS: positive({ default: 32, desc: 'Webhooks that this process sends at the same time' }),
  WEBHOOKS_ALLOW_INSECURE_TARGETS: bool({
    default: false,
    desc: 'For development: webhooks may go to http addresses, and to this machine',
  }),
};

export type Config = ConfigOf<typeof config>;
