// Replaced by ../service; stays until every service has moved.
export { type Foundation, openFoundation, openStorage, type ServiceDeps, type Storage } from './foundation.ts';
export { runService } from './run-service.ts';
export { serviceMain as formerServiceMain } from './service-main.ts';
export { type ShutdownStep, stopInOrder } from './shutdown.ts';
