export { type RunningService, runService } from './run-service.ts';
export { type ShutdownStep, stopInOrder } from './shutdown.ts';
