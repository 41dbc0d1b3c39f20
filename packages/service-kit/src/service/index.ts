export type { BaseDeps, Overrides, ServiceBase, StorageBase } from './base.ts';
export { type Command, type ConfigOf, defineService, type Service, type Worker } from './define-service.ts';
export type { Job } from './jobs.ts';
export { type RunningService, runProcess } from './run-process.ts';
export { serviceMain } from './service-main.ts';
export { createStopStack, type StopStack } from './stop-stack.ts';
