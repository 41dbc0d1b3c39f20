import { join } from 'node:path';
import { defineService } from '@smartserver/service-kit';
import { ActivationsRoutes } from './activate/route.ts';
import { commandConfig, config } from './config.ts';
import { ControllerLicensesRoutes } from './controller-licenses/route.ts';
import { ControllersRoutes } from './controllers/route.ts';
import { type Deps, openDeps } from './deps.ts';
import { resignDocuments } from './documents/resign.ts';
import { learnRevocations } from './documents/revocations.ts';
import { DocumentsRoutes } from './documents/route.ts';
import { handlers } from './events.ts';
import { operations } from './generated/operations.ts';
import { MaintenanceRoutes } from './maintenance/route.ts';
import { OfflineActivationsRoutes } from './offline-activation/route.ts';
import { OfflineReturnsRoutes } from './offline-return/route.ts';
import { ReturnsRoutes } from './return/route.ts';

/** The activation service: what is on which controller, and the signed documents that say so. */
export const activation = defineService({
  name: 'activation',
  config,
  commandConfig,
  migrations: join(import.meta.dirname, '../migrations'),
  operations,
  routes: [
    ActivationsRoutes,
    ControllerLicensesRoutes,
    ControllersRoutes,
    DocumentsRoutes,
    MaintenanceRoutes,
    OfflineActivationsRoutes,
    OfflineReturnsRoutes,
    ReturnsRoutes,
  ],
  deps: openDeps,
  handlers,
  // An instance whose key is revoked signs nothing any more after this, and a query [guarantees.md 20].
  jobs: (deps: Deps) => [
    { name: 'revocations', everySeconds: 2, giveUpAfterSeconds: 10, run: () => learnRevocations(deps) },
  ],
  // Without its key no activation can be answered.
  readiness: ({ signer }: Deps) => ({ signing: async () => signer.assertReady() }),
  commands: [
    {
      name: 'resign-documents',
      summary: 'give every controller a document with a higher serial, after signing keys were revoked',
      run: async (base) => {
        const count = await resignDocuments(base, (soFar) => console.log(`${soFar} controllers …`));
        console.log(
          `${count} controllers have a document with a higher serial; the running service publishes the events.`,
        );
      },
    },
  ],
});
