import type { Actor, WebhookEndpointWithSecret } from '@smartserver/contracts';
import { createSeal, type Database, systemIds } from '@smartserver/service-kit';
import {
  createTestDatabase,
  type TestClock,
  type TestLogger,
  testClock,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { FastifyInstance } from 'fastify';
import type { Tables } from '../src/model/tables.ts';
import { notification } from '../src/service.ts';
import { testDeps } from './harness.ts';
import { emptyWebhooks } from './webhook-support.ts';

export const seal = createSeal(Buffer.alloc(32, 7));

export type Call = { body?: object; headers?: Record<string, string> };

/** The API of webhooks over a real database. */
export class WebhookApi {
  database!: Database<Tables>;
  app!: FastifyInstance;
  clock: TestClock = testClock();
  logger: TestLogger = testLogger();

  /** @param allowInsecure whether receivers may be on loopback */
  static install({ allowInsecure }: { allowInsecure: boolean }): WebhookApi {
    const api = new WebhookApi();
    beforeAll(() => api.#open(allowInsecure));
    afterAll(async () => {
      await api.app.close();
      await api.database.close();
    });
    beforeEach(() => emptyWebhooks(api.database.kysely));
    return api;
  }

  call(actor: Actor | null, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path = '', { body, headers }: Call = {}) {
    const authorization = actor ? { authorization: `Bearer ${testVerifier.tokenFor(actor)}` } : {};
    return this.app.inject({
      method,
      url: `/v1/webhook-endpoints${path}`,
      headers: { ...authorization, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    });
  }

  async create(actor: Actor, body: object = {}): Promise<WebhookEndpointWithSecret> {
    const whole = { url: 'https://integrator.example/hooks', eventTypes: [], ...body };
    const answer = await this.call(actor, 'POST', '', { body: whole });
    expect(answer.statusCode).toBe(201);
    return answer.json();
  }

  async #open(allowInsecure: boolean): Promise<void> {
    const directories = [notification.migrations];
    this.database = await createTestDatabase<Tables>({ directories, service: 'notification' });
    const { clock, database, logger } = this;
    const deps = testDeps({
      clock,
      database,
      logger,
      ids: systemIds,
      webhookSeal: seal,
      targetRules: { allowInsecure },
    });
    this.app = await notification.buildApp(deps, { verifier: testVerifier });
  }
}
