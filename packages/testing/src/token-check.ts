import type { Actor } from '@smartserver/contracts';
import type { TokenVerifier } from '@smartserver/service-kit';
import fastify, { type FastifyInstance } from 'fastify';

/** Verifies single tokens as a server with this verifier does: gives the actor, or throws what the request would be refused with. */
export const tokenCheck = (verifier: TokenVerifier): ((token: string) => Promise<Actor>) => {
  const outcomes = new Map<string, Promise<Actor>>();
  const start = async (): Promise<FastifyInstance> => {
    const app = fastify({ logger: false });
    await verifier.register(app);
    app.get('/', async (request) => {
      const outcome = verifier.verify(request);
      outcomes.set(request.id, outcome);
      await outcome.catch(() => undefined);
      return request.id;
    });
    return app;
  };
  let app: Promise<FastifyInstance> | null = null;
  return async (token) => {
    app ??= start();
    const { body: id } = await (await app).inject({ url: '/', headers: { authorization: `Bearer ${token}` } });
    const outcome = outcomes.get(id);
    outcomes.delete(id);
    if (outcome === undefined) throw new Error(`the request was refused: ${id}`);
    return outcome;
  };
};
