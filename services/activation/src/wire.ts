import {
  createLogger,
  createTokenVerifier,
  httpJwks,
  openFoundation,
  type RunningService,
  type ServiceDeps,
  startConsumers,
  startRelay,
  stopInOrder,
  systemClock,
} from '@smartserver/service-kit';
import { buildApp } from './app.ts';
import type { ActivationConfig } from './config.ts';
import { activationHandlers } from './consumers/index.ts';
import type { ActivationTables } from './db.ts';
import { DocumentSigner } from './documents/document-signer.ts';
import { RevocationService } from './documents/revocation-service.ts';
import { keyRevoked, loadSigningSet } from './documents/signing-set.ts';
import { activationMigrations } from './migrations.ts';

const name = 'activation';

/** Composition root: opens what the service needs and starts its work. The caller makes the app listen. */
export const startActivation = async (config: ActivationConfig, deps: ServiceDeps = {}): Promise<RunningService> => {
  const clock = deps.clock ?? systemClock;
  const logger = deps.logger ?? createLogger({ service: name, level: config.LOG_LEVEL });
  // First: keys that do not fit stop the start before anything is opened.
  const signer = new DocumentSigner(loadSigningSet(config, clock.now(), logger), clock);
  const given = { ...deps, clock, logger };
  const base = await openFoundation<ActivationTables>(name, config, given, { migrations: activationMigrations });
  const { ids, database, messaging } = base;
  const revocations = new RevocationService({ database, signer, logger });
  try {
    await revocations.share();
    if (signer.isRevoked(signer.kid)) throw keyRevoked();
  } catch (error) {
    await Promise.all([messaging.close(), database.close()]);
    throw error;
  }
  revocations.start();
  const relay = startRelay(base);
  const app = await buildApp({
    ...base,
    relay,
    verifier: createTokenVerifier({ jwks: deps.jwks ?? httpJwks(config.JWKS_URL), clock }),
    signer,
    contact: config.CUSTOMER_SUCCESS_CONTACT,
    // Without its key no activation can be answered.
    readiness: { ...base.readiness, signing: async () => signer.assertReady() },
  });
  const consumers = startConsumers<ActivationTables>({ ...base, handlers: activationHandlers({ clock, ids }), relay });

  const stop = stopInOrder(logger, [
    { name: 'http', stop: () => app.close() },
    { name: 'consumers', stop: () => consumers.stop() },
    { name: 'relay', stop: () => relay.stop() },
    { name: 'revocations', stop: async () => revocations.stop() },
    { name: 'queues', stop: () => messaging.close() },
    { name: 'database', stop: () => database.close() },
  ]);
  return { name, app, stop };
};
