import httpProxy from '@fastify/http-proxy';
import fastify from 'fastify';

// The floor of a read: a bare Fastify proxy to a server that always gives the same short answer.

const answer = JSON.stringify({
  licenseId: '2133c667-af41-4518-94df-a2bb3b775330',
  kind: 'capacity',
  deviceCount: 200,
  status: 'active',
});

const upstream = fastify();
upstream.get('/*', (_, reply) => reply.type('application/json').send(answer));
const upstreamUrl = await upstream.listen({ host: '127.0.0.1', port: 0 });

const app = fastify();
app.get('/readyz', async () => ({ status: 'ready' }));
await app.register(httpProxy, { upstream: upstreamUrl });
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
