import { join } from 'node:path';
import { defineService } from '@smartserver/service-kit';
import { config } from './config.ts';
import { ControlRoutes } from './control/route.ts';
import { openDeps } from './deps.ts';
import { handlers } from './events.ts';
import { operations } from './generated/operations.ts';
import { resumeChanges } from './license-changes/resume-changes.ts';
import { LicenseChangesRoutes } from './license-changes/route.ts';
import { LicensesRoutes } from './licenses/route.ts';
import { OrdersRoutes } from './orders/route.ts';
import { ReleasesRoutes } from './releases/route.ts';
import { replay } from './replay/replay.ts';
import { TransfersRoutes } from './transfers/route.ts';

/** Purchases, licenses, transfers, take-backs and splits, Customer Success's control, and the catalogue of releases. */
export const license = defineService({
  name: 'license',
  config,
  migrations: join(import.meta.dirname, '../migrations'),
  operations,
  routes: [ControlRoutes, LicenseChangesRoutes, LicensesRoutes, OrdersRoutes, ReleasesRoutes, TransfersRoutes],
  deps: openDeps,
  handlers,
  jobs: (deps) => [{ name: 'resume-changes', everySeconds: 15, atStart: true, run: () => resumeChanges(deps) }],
  commands: [
    {
      name: 'replay',
      summary: 'publish every license and release again: fills projections of other services',
      run: async (base) => {
        const count = await replay(base, (soFar) => console.log(`${soFar} licenses …`));
        console.log(`${count} licenses will be published again by the running license service.`);
      },
    },
  ],
});

/**
 * The `replay` command, for programs. The running service sends what it records.
 * @param env the environment of the service; needs DATABASE_URL
 * @param onBatch called after each batch with the number of licenses so far
 * @returns how many licenses there are
 */
export const replayLicenses = (env: NodeJS.ProcessEnv, onBatch?: (count: number) => void): Promise<number> =>
  license.withStorage(env, {}, (base) => replay(base, onBatch));
