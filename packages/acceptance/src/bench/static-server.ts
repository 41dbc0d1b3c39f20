import fastify from 'fastify';

// What stands behind both proxies: a server that always gives the same short answer.

const license = {
  licenseId: '2133c667-af41-4518-94df-a2bb3b775330',
  kind: 'capacity',
  deviceCount: 200,
  place: 'controller',
  status: 'active',
};
const answer = JSON.stringify(license);

const app = fastify();
app.get('/*', (_, reply) => reply.type('application/json').send(answer));
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
