import { Client, escapeIdentifier, escapeLiteral } from 'pg';

const DATABASES = ['account', 'license', 'activation', 'notification'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/**
 * A database and a role for each service, made where they are missing; each role reaches its own database only. Embedded mode and
 * `start:services` use it; docker-compose.yml has infra/postgres/init.sh for the same.
 *
 * @param adminUrl a superuser's connection
 * @param extra further databases owned by the same role as its name, e.g. the embedded queue
 * @returns the connection URL of each service
 */
export async function provisionDatabases<Extra extends string = never>(
  adminUrl: string,
  passwords: Record<DatabaseName | Extra, string>,
  extra: readonly Extra[] = [],
): Promise<Record<DatabaseName | Extra, string>> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const urls = {} as Record<DatabaseName | Extra, string>;
    for (const name of [...DATABASES, ...extra]) {
      const role = escapeIdentifier(name);
      const { rowCount: hasRole } = await client.query('select from pg_roles where rolname = $1', [name]);
      const verb = hasRole ? 'alter' : 'create';
      await client.query(`${verb} role ${role} login password ${escapeLiteral(passwords[name])}`);
      const { rowCount: hasDatabase } = await client.query('select from pg_database where datname = $1', [name]);
      if (!hasDatabase) {
        await client.query(`create database ${role} owner ${role}`);
        await client.query(`revoke all on database ${role} from public`);
      }
      const url = new URL(adminUrl);
      url.username = name;
      url.password = passwords[name];
      url.pathname = `/${name}`;
      urls[name] = url.href;
    }
    return urls;
  } finally {
    await client.end();
  }
}
