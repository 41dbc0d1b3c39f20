import type { BaseDeps, ServiceBase } from '@smartserver/service-kit';
import type { Config } from './config.ts';
import { shareRevocations } from './documents/revocations.ts';
import { DocumentSigner } from './documents/signer.ts';
import { keyRevoked, loadSigningSet } from './documents/signing-set.ts';
import type { Tables } from './model/tables.ts';

/** What every feature of this service gets. */
export type Deps = BaseDeps<Tables> & {
  signer: DocumentSigner;
  /** How to reach Customer Success, as people read it. */
  customerSuccess: string;
};

/** What a step of a transaction needs. */
export type StepDeps = Pick<Deps, 'clock' | 'ids' | 'signer'>;

/** Keys that do not fit, or that were revoked, stop the start. */
export const openDeps = async ({ config, ...base }: ServiceBase<Tables, Config>): Promise<Deps> => {
  const signer = new DocumentSigner(loadSigningSet(config, base.clock.now(), base.logger), base.clock);
  await shareRevocations({ ...base, signer });
  if (signer.isRevoked(signer.kid)) throw keyRevoked();
  return { ...base, signer, customerSuccess: config.CUSTOMER_SUCCESS_CONTACT };
};
