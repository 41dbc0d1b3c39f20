import { join } from 'node:path';

/** Directory of this service's SQL files. The same from the sources and from the build. */
export const activationMigrations = join(import.meta.dirname, '../migrations');
