import { openStorage, type ServiceDeps } from '@smartserver/service-kit';
import { commandConfig } from './config.ts';
import type { ActivationTables } from './db.ts';
import { DocumentSigner } from './documents/document-signer.ts';
import { RevocationService } from './documents/revocation-service.ts';
import { loadSigningSet } from './documents/signing-set.ts';
import { ResignService } from './resigning/resign-service.ts';

const SYSTEM = { actor: { kind: 'system', id: 'resign-documents' }, traceparent: null } as const;

/**
 * Gives every controller a document with a higher serial after signing keys were revoked, and issues offline activation files
 * anew that one of them had signed. A running activation service tells the others. Without a statement of revoked keys
 * there is nothing to do.
 * @param env the environment of the service, with its keys and LICENSE_KEY_REVOCATIONS
 * @param told called after each batch with the number of controllers so far
 * @returns how many there were
 */
export const resignDocuments = async (
  env: NodeJS.ProcessEnv,
  told?: (count: number) => void,
  deps: Omit<ServiceDeps, 'jwks'> = {},
): Promise<number> => {
  const config = commandConfig(env);
  const storage = openStorage<ActivationTables>('activation', config, deps);
  try {
    const { clock, logger } = storage;
    const signer = new DocumentSigner(loadSigningSet(config, clock.now(), logger), clock);
    await new RevocationService({ ...storage, signer }).share();
    signer.assertReady();
    // The relay of a running service looks for new messages by itself.
    const relay = { wake: () => undefined };
    return await new ResignService({ ...storage, relay, signer }).resignAll(SYSTEM, told);
  } finally {
    await storage.database.close();
  }
};
