import { join } from 'node:path';
import { EmbeddedPostgres } from '@smartserver/embedded-postgres';
import fastify from 'fastify';
import pg from 'pg';

// The floor of cold start and memory: the same PostgreSQL made and started, one Fastify, one pool, one query.

const [folder = ''] = process.argv.slice(2);
const postgres = new EmbeddedPostgres({ dataDirectory: join(folder, 'postgres'), password: 'bare', temporary: true });
await postgres.start();
const pool = new pg.Pool({ connectionString: postgres.url() });
const app = fastify();
app.get('/', async () => (await pool.query('select now()')).rows[0]);
await fetch(await app.listen({ host: '127.0.0.1', port: 0 }));
console.log('answered');

process.once('SIGINT', async () => {
  await app.close();
  await pool.end();
  await postgres.stop();
  process.exit(0);
});
