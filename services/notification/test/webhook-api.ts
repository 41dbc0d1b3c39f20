import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Actor, WebhookEndpointWithSecret } from '@smartserver/contracts';
import { createSeal, type Database, systemIds } from '@smartserver/service-kit';
import {
  createTestDatabase,
  fakeRelay,
  type TestClock,
  type TestLogger,
  testClock,
  testLogger,
  testVerifier,
} from '@smartserver/testing';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../src/app.ts';
import { notificationMigrations } from '../src/migrations.ts';
import type { Tables } from '../src/model/tables.ts';
import { testLinks } from './support.ts';
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
    const directories = [notificationMigrations];
    this.database = await createTestDatabase<Tables>({ directories, service: 'notification' });
    this.app = await buildApp({
      database: this.database,
      verifier: testVerifier,
      relay: fakeRelay,
      noticeHour: 6,
      mailDomain: 'mail.example',
      links: testLinks,
      clock: this.clock,
      ids: systemIds,
      logger: this.logger,
      projections: { waitFor: (read) => read() },
      webhooks: { relay: fakeRelay, seal, rules: { allowInsecure } },
      spec: JSON.parse(readFileSync(join(import.meta.dirname, '../../../openapi/notification.json'), 'utf8')),
      readiness: {},
    });
  }
}
