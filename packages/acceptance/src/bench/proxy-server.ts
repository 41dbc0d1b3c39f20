import httpProxy from '@fastify/http-proxy';
import fastify from 'fastify';

// The floor of a read: a bare Fastify proxy, without tokens, limits or routes.

const app = fastify();
await app.register(httpProxy, { upstream: process.env.UPSTREAM ?? '' });
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
