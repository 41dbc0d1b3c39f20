import type { Metrics } from '@smartserver/service-kit';
import fastify, { type FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config.ts';

/** `/metrics` on a port of its own, which is not published: the gateway's other port is the public's. */
export const startMetricsServer = async (config: GatewayConfig, metrics: Metrics): Promise<FastifyInstance | null> => {
  if (config.METRICS_PORT === undefined) return null;
  const server = fastify({ logger: false });
  server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.render()));
  await server.listen({ host: config.HOST, port: config.METRICS_PORT });
  return server;
};
