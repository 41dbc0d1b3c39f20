export * from './clock.ts';
export * from './config/index.ts';
export * from './data/index.ts';
export * from './http/index.ts';
export * from './ids.ts';
export * from './life/index.ts';
export * from './logger.ts';
export * from './messaging/index.ts';
