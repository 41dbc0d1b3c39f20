export { type Foundation, openFoundation, openStorage, type ServiceDeps, type Storage } from './foundation.ts';
export { type RunningService, runService } from './run-service.ts';
export { type ServiceMain, serviceMain } from './service-main.ts';
export { type ShutdownStep, stopInOrder } from './shutdown.ts';
