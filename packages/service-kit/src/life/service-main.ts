import { loadConfig, serviceConfig } from '../config/index.ts';
import { migrate } from '../data/migrate.ts';
import { isError } from '../is-error.ts';
import { runDeadLetterCommand } from '../messaging/index.ts';
import { type RunningService, runService } from './run-service.ts';

export type ServiceMain<Config> = {
  name: string;
  /** Directory of the service's SQL files. */
  migrations: string;
  config: (env: NodeJS.ProcessEnv) => Config;
  start: (config: Config) => Promise<RunningService>;
  /** Commands of this service next to the common ones. */
  commands?: Record<string, (args: string[]) => Promise<void>>;
};

/**
 * The whole `main.ts` of a service: without an argument it runs; `migrate` brings its database up to date, `dead-letters` lists and
 * retries what could not be delivered. Commands end with exit code 1 and one line when they fail.
 */
export const serviceMain = async <Config extends { HOST: string; PORT: number }>(
  service: ServiceMain<Config>,
): Promise<void> => {
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined) {
    await runService(service.name, async (env) => {
      const config = service.config(env);
      return { ...(await service.start(config)), listen: { host: config.HOST, port: config.PORT } };
    });
    return;
  }
  const commands: Record<string, (args: string[]) => Promise<void>> = {
    migrate: async () => {
      const { DATABASE_URL } = loadConfig(process.env, { DATABASE_URL: serviceConfig.DATABASE_URL });
      await migrate({ url: DATABASE_URL, directories: [service.migrations] });
    },
    'dead-letters': runDeadLetterCommand,
    ...service.commands,
  };
  try {
    const run = Object.hasOwn(commands, command) ? commands[command] : undefined;
    if (run === undefined) throw new Error(`the commands are ${Object.keys(commands).join(', ')}`);
    await run(args);
  } catch (error) {
    console.error(`${service.name}: ${isError(error) ? error.message : error}`);
    process.exitCode = 1;
  }
};
