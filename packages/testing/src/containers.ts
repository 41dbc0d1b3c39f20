import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import type { GenericContainer } from 'testcontainers';

/** Whether tests run on the images of production (`npm run test:containers`), not on servers of this machine. */
export const onContainers = (): boolean => process.env.TEST_CONTAINERS === 'true';

/** A server in a container. It keeps its port and its data when it is killed and started again. */
export type ContainerServer = {
  port: number;
  /** Sends a signal to the server and waits for its end. */
  kill(signal: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Removes it with its data. */
  remove(): Promise<void>;
};

/** The image that docker-compose.yml names for production, e.g. `postgres` → `postgres:18-bookworm`. */
export const imageOf = (name: 'postgres' | 'redis'): string => {
  const file = join(import.meta.dirname, '../../../docker-compose.yml');
  const found = new RegExp(`^\\s+image: (${name}:\\S+)$`, 'm').exec(readFileSync(file, 'utf8'));
  if (found?.[1] === undefined) throw new Error(`docker-compose.yml names no image of ${name}`);
  return found[1];
};

/**
 * @param name of the image in docker-compose.yml
 * @param containerPort where the server listens inside
 * @param configure adds its command, environment and mounts
 */
export const startContainer = async (
  name: 'postgres' | 'redis',
  containerPort: number,
  configure: (container: GenericContainer) => GenericContainer,
): Promise<ContainerServer> => {
  // Everything that is started here is removed here, also at an exit: the library's own cleaner, one more image, is off by default.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { GenericContainer, getContainerRuntimeClient } = await import('testcontainers');
  const port = await getPort({ host: '127.0.0.1' });
  const unstarted = new GenericContainer(imageOf(name)).withExposedPorts({ container: containerPort, host: port });
  const started = await configure(unstarted).start();
  const container = (await getContainerRuntimeClient()).container.getById(started.getId());
  const removeWithThisProcess = () =>
    spawnSync('docker', ['rm', '--force', '--volumes', started.getId()], { stdio: 'ignore' });
  process.once('exit', removeWithThisProcess);
  return {
    port,
    kill: async (signal) => {
      const ended = container.wait();
      await container.kill({ signal });
      await ended;
    },
    start: async () => {
      await container.start();
    },
    freeze: async () => {
      await container.pause();
    },
    thaw: async () => {
      await container.unpause();
    },
    remove: async () => {
      await container.remove({ force: true, v: true });
      process.off('exit', removeWithThisProcess);
    },
  };
};
