import type { StackSecrets } from './data-folder.ts';
import type { DatabaseName } from './databases.ts';

export type ServiceEnvironmentOptions = {
  databases: Record<DatabaseName, string>;
  queueUrl: string;
  jwksUrl: string;
  smtpUrl: string;
  /** Where the gateway answers. */
  publicUrl: string;
  secrets: StackSecrets;
};

/**
 * The environment of each service in a development system: what docker-compose.yml and .env give in production. Values of the
 * surrounding environment win, so that anything can be overridden.
 */
export function serviceEnvironments(options: ServiceEnvironmentOptions): Record<DatabaseName, NodeJS.ProcessEnv> {
  const { databases, secrets } = options;
  // Nobody listens here in one process; separate processes are given ports of their own.
  const common = { QUEUE_URL: options.queueUrl, JWKS_URL: options.jwksUrl, LOG_LEVEL: 'warn', PORT: '8080' };
  const inherited: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['DATABASE_URL', 'PORT', 'HOST']) delete inherited[name];
  const environment = (name: DatabaseName, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
    ...common,
    ...own,
    ...inherited,
    DATABASE_URL: databases[name],
  });
  return {
    account: environment('account', {
      ACCOUNT_SECRET_KEY: secrets.accountSecretKey,
      MAIL_SEAL_KEY: secrets.mailSealKey,
    }),
    license: environment('license', {}),
    activation: environment('activation', {
      LICENSE_SIGNING_KEY: secrets.licenseKeys.signingKey,
      LICENSE_SIGNING_CERTIFICATE: secrets.licenseKeys.signingCertificate,
      LICENSE_ROOT_PUBLIC_KEY: secrets.licenseKeys.rootPublicKey,
    }),
    notification: environment('notification', {
      SMTP_URL: options.smtpUrl,
      MAIL_SEAL_KEY: secrets.mailSealKey,
      WEBHOOK_SEAL_KEY: secrets.webhookSealKey,
      // A trial's receivers run on the same machine.
      WEBHOOKS_ALLOW_INSECURE_TARGETS: 'true',
      MAIL_FROM: 'SmartServer Licensing <licensing@smartserver.example>',
      MAIL_DOMAIN: 'smartserver.example',
      PUBLIC_URL: options.publicUrl,
    }),
  };
}
