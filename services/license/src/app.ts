import {
  buildServer,
  type Clock,
  type Database,
  eventually as eventuallyInTime,
  type Ids,
  type Logger,
  type ServerOptions,
  type TokenVerifier,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import { ChangeLedger } from './changes/change-ledger-service.ts';
import { ChangeService } from './changes/change-service.ts';
import { LicenseChangesController } from './changes/license-changes.controller.ts';
import type { LicenseTables } from './db.ts';
import { operations } from './generated/operations.ts';
import { LicenseLedger } from './licenses/license-ledger-service.ts';
import { LicenseService } from './licenses/license-service.ts';
import { LicenseStandingController } from './licenses/license-standing.controller.ts';
import { LicensesController } from './licenses/licenses.controller.ts';
import { OrderService } from './orders/order-service.ts';
import { OrdersController } from './orders/orders.controller.ts';
import { ReleaseService } from './releases/release-service.ts';
import { ReleasesController } from './releases/releases.controller.ts';
import { TransferService } from './transfers/transfer-service.ts';
import { TransfersController } from './transfers/transfers.controller.ts';

export type AppDeps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  verifier: TokenVerifier;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
  expiringWithinDays: number;
  /** Waits for news of other services; in real time unless told otherwise. */
  eventually?: typeof eventuallyInTime;
};

/** The HTTP side of the service. No I/O. */
export const buildApp = ({ eventually = eventuallyInTime, ...deps }: AppDeps): Promise<FastifyInstance> => {
  const ledger = new LicenseLedger(deps);
  const changeLedger = new ChangeLedger({ ...deps, ledger });
  const licenses = new LicenseService({ ...deps, ledger });
  return buildServer({
    service: 'license',
    logger: deps.logger,
    clock: deps.clock,
    spec: deps.spec,
    operations,
    controllers: {
      LicenseChangesController: new LicenseChangesController(new ChangeService({ ...deps, eventually, changeLedger })),
      LicenseStandingController: new LicenseStandingController(licenses),
      LicensesController: new LicensesController(licenses),
      OrdersController: new OrdersController(new OrderService({ ...deps, eventually, ledger })),
      ReleasesController: new ReleasesController(new ReleaseService(deps)),
      TransfersController: new TransfersController(new TransferService({ ...deps, eventually, ledger })),
    },
    verifier: deps.verifier,
    readiness: deps.readiness,
  });
};
