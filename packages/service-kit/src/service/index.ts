export type { BaseDeps, Overrides, ServiceBase, StorageBase } from './base.ts';
export { defineService } from './define-service.ts';
export type { Command, ConfigOf, Service, Worker } from './definition.ts';
export type { Job } from './jobs.ts';
export { type RunningService, runProcess } from './run-process.ts';
export { serviceMain } from './service-main.ts';
export { createStopStack, type StopStack } from './stop-stack.ts';
