import {
  buildServer,
  type Clock,
  eventually as eventuallyInTime,
  type Ids,
  type Logger,
  type ServerOptions,
  type TokenVerifier,
} from '@smartserver/service-kit';
import type { FastifyInstance } from 'fastify';
import { ActivationRunner } from './activations/activation-run-service.ts';
import { ActivationService } from './activations/activation-service.ts';
import { ActivationsController } from './activations/activations.controller.ts';
import { ControllerService } from './controllers/controller-service.ts';
import { ControllersController } from './controllers/controllers.controller.ts';
import type { ActivationDatabase } from './db.ts';
import { DocumentService } from './documents/document-service.ts';
import type { DocumentSigner } from './documents/document-signer.ts';
import { DocumentsController } from './documents/documents.controller.ts';
import { operations } from './generated/operations.ts';
import { ControllerLicensesController } from './licenses/controller-licenses.controller.ts';
import { LicenseListService } from './licenses/license-list-service.ts';
import { MaintenanceController } from './maintenance/maintenance.controller.ts';
import { MaintenanceService } from './maintenance/maintenance-service.ts';
import { OfflineActivationService } from './offline/offline-activation-service.ts';
import { OfflineActivationsController } from './offline/offline-activations.controller.ts';
import { OfflineFileService } from './offline/offline-file-service.ts';
import { OfflineReturnService } from './offline/offline-return-service.ts';
import { OfflineReturnsController } from './offline/offline-returns.controller.ts';
import { ResignService } from './resigning/resign-service.ts';
import { ReturnService } from './returns/return-service.ts';
import { ReturnsController } from './returns/returns.controller.ts';

export type AppDeps = {
  database: ActivationDatabase;
  relay: { wake(): void };
  verifier: TokenVerifier;
  signer: DocumentSigner;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** The OpenAPI document of this service. */
  spec: object;
  readiness: ServerOptions['readiness'];
  /** How to reach Customer Success, as people read it. */
  contact: string;
  /** Waits for news of other services; in real time unless told otherwise. */
  eventually?: typeof eventuallyInTime;
};

/** The HTTP side of the service. No I/O. */
export const buildApp = ({ eventually = eventuallyInTime, ...deps }: AppDeps): Promise<FastifyInstance> => {
  const { database, clock, ids, signer } = deps;
  const runner = new ActivationRunner(database, { clock, ids, kid: signer.kid });
  return buildServer({
    service: 'activation',
    logger: deps.logger,
    clock,
    spec: deps.spec,
    operations,
    controllers: {
      OfflineActivationsController: new OfflineActivationsController(
        new OfflineActivationService({ ...deps, eventually, runner }),
        new OfflineFileService(deps),
      ),
      OfflineReturnsController: new OfflineReturnsController(new OfflineReturnService(deps)),
      ActivationsController: new ActivationsController(new ActivationService({ ...deps, eventually, runner })),
      ControllersController: new ControllersController(new ControllerService({ ...deps, eventually })),
      ControllerLicensesController: new ControllerLicensesController(new LicenseListService(deps)),
      DocumentsController: new DocumentsController(
        new DocumentService({ ...deps, resigning: new ResignService(deps) }),
      ),
      MaintenanceController: new MaintenanceController(new MaintenanceService({ ...deps, eventually })),
      ReturnsController: new ReturnsController(new ReturnService(deps)),
    },
    verifier: deps.verifier,
    readiness: deps.readiness,
  });
};
