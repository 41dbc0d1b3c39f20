import { createLogger, type Logger } from '@smartserver/service-kit';

export type TestLogger = Logger & {
  /** What was logged, parsed, oldest first. */
  lines(): Record<string, unknown>[];
};

/** Writes nothing, remembers everything, with the redaction of the real log. */
export const testLogger = (): TestLogger => {
  const written: string[] = [];
  const logger = createLogger({
    service: 'test',
    level: 'debug',
    destination: { write: (line: string) => written.push(line) },
  });
  return Object.assign(logger, { lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) });
};
