import helmet from '@fastify/helmet';
import fastify from 'fastify';

/**
 * The headers that helmet sets on an answer that is data. @fastify/helmet computes them for every request, although for an API they
 * never differ: computed once here.
 */
export const securityHeaders = async (): Promise<Record<string, string>> => {
  const app = fastify({ logger: false });
  const before = await headersOf(app);
  const protectedApp = fastify({ logger: false });
  await protectedApp.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    frameguard: { action: 'deny' },
  });
  const after = await headersOf(protectedApp);
  return Object.fromEntries(Object.entries(after).filter(([name]) => before[name] === undefined));
};

const headersOf = async (app: ReturnType<typeof fastify>): Promise<Record<string, string>> => {
  app.get('/', () => '');
  const { headers } = await app.inject('/');
  await app.close();
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
};
