import { loadConfig, serviceConfig } from '../config/index.ts';
import { migrate } from '../data/migrate.ts';
import type { KitTables } from '../data/tables.ts';
import { isError } from '../is-error.ts';
import { runDeadLetterCommand } from '../messaging/index.ts';
import type { BaseDeps } from './base.ts';
import type { Service, Specs } from './definition.ts';
import { runProcess } from './run-process.ts';

/**
 * The whole `main.ts` of a service: without an argument it runs; `migrate` brings its database up to date, `dead-letters` lists and
 * retries what could not be delivered, and so on (`--help`). Commands end with exit code 1 and one line when they fail.
 */
export const serviceMain = async <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  service: Service<DB, S, Deps>,
): Promise<void> => {
  if (process.argv.length === 2) {
    await runProcess(service.name, (env) => service.start(env));
    return;
  }
  try {
    await runCommand(service);
  } catch (error) {
    console.error(`${service.name}: ${isError(error) ? error.message : error}`);
    process.exitCode = 1;
  }
};

const runCommand = async <DB extends KitTables, S extends Specs, Deps extends BaseDeps<DB>>(
  service: Service<DB, S, Deps>,
): Promise<void> => {
  // Only here: a running service does not need it.
  const { Command } = await import('commander');
  const program = new Command(`node services/${service.name}/dist/main.js`).showHelpAfterError();
  program
    .command('migrate')
    .description('bring the database up to date; needs DATABASE_URL')
    .action(async () => {
      const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
      await migrate({ url: DATABASE_URL, directories: [service.migrations] });
    });
  program
    .command('dead-letters')
    .description('list or retry events that could not be consumed; needs DATABASE_URL and QUEUE_URL')
    .argument('<verb>', 'list or retry')
    .argument('[event-id]', 'the one to retry; all without it')
    .action((verb: string, eventId?: string) => runDeadLetterCommand(eventId === undefined ? [verb] : [verb, eventId]));
  for (const { name, summary, options = [], run } of service.commands ?? []) {
    const command = program.command(name).description(summary);
    for (const [flags, description] of options) command.option(flags, description);
    command.action((values: Record<string, string | undefined>) =>
      service.withStorage(process.env, {}, (base) => run(base, values)),
    );
  }
  await program.parseAsync();
};
