export { actors, testVerifier } from './actors.ts';
export { type TestClock, testClock, testIds } from './clock.ts';
export { createEmptyDatabase, createTestDatabase, type TestDatabase, testPostgresUrl } from './database.ts';
export { dumpOf } from './dump.ts';
export { deliver, fakeRelay, makeEvent, outboxEvents } from './events.ts';
export { type TestLogger, testLogger } from './logger.ts';
export { type MailSink, type SunkMail, startMailSink } from './mail-sink.ts';
export { expectProblem } from './problems.ts';
export { hasRedis, NO_REDIS, startRedis, type TestRedis } from './redis.ts';
