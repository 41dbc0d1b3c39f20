import { randomUUID } from 'node:crypto';
import { dataOf } from '@smartserver/client';
import { announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import { codeOf } from '../src/operations/answers.ts';
import { type DocumentedOperation, operationsOf, readDocument } from '../src/operations/document.ts';
import type { Estate } from '../src/operations/estate.ts';
import { FROM_EVERYWHERE, twoEstates } from '../src/operations/estates.ts';
import { mixedValuesOf, validRequests } from '../src/operations/fuzz.ts';
import { requestOf, type Wire } from '../src/operations/http.ts';
import { cellsOf, leaks, tryCell } from '../src/operations/matrix.ts';
import { inParallel } from '../src/operations/parallel.ts';
import { type Row, rows } from '../src/operations/rows/index.ts';
import { cmsSession } from '../src/operations/rows/sign-in.ts';
import { settled, snapshot } from '../src/operations/snapshot.ts';
import { dose } from '../src/system/dose.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantee 22: every operation of the document × every kind of actor × own, a neighbour's, a foreign and an unknown id.

const operations = operationsOf(readDocument('gateway'));
const seed = announcedSeed('tenants');
const AT_ONCE = 12;
/** Too many sign-ins of one person at once look like guessing. */
const widthOf = ({ allowed }: Row): number => (allowed.includes('nobody') ? 1 : AT_ONCE);
/** To three contacts of each of two accounts: what was transferred, in two steps, and what was activated, online and by file. */
const EMAILS = 24;

let system: TestSystem;
let wire: Wire;
let estate: Estate;
let other: Estate;
let before: Record<string, unknown>;
let requestCount = 0;
/** A request that the other partner has made. */
const keyed = { body: { name: `P-${randomUUID()}` }, idempotencyKey: randomUUID() };

beforeAll(async () => {
  system = await TestSystem.start(FROM_EVERYWHERE);
  ({ wire, estate, other } = await twoEstates(system));
  await create(other);
  await settled(system.api(), other, EMAILS);
  before = await snapshot(system.api(), other);
}, 120_000);

afterAll(async () => {
  console.log(`${requestCount} requests`);
  wire?.close();
  await system?.stop();
});

const count = () => {
  requestCount += 1;
};
const world = () => ({ estate, other, send: wire.send, count });

const operationOf = (operationId: string): DocumentedOperation => {
  const operation = operations.find((each) => each.operationId === operationId);
  if (operation === undefined) throw new Error(`The document has no ${operationId}.`);
  return operation;
};

const create = ({ partner }: Estate) =>
  dataOf(
    system
      .api()
      .as(partner.token)
      .POST('/v1/customers', { ...keyed }),
  );

test('every operation of the document has a row, and every row an operation', () => {
  const documented = operations.map((operation) => operation.operationId).sort();
  expect(rows.map((row) => row.operationId).sort()).toEqual(documented);
});

test('every place of an id in a path is tried with ids of others', () => {
  const tried = new Map(rows.map((row) => [row.operationId, row.cases.map((way) => way.about ?? '')]));
  const untried = operations.flatMap(({ operationId, parameters }) =>
    parameters
      .filter((parameter) => parameter.in === 'path')
      .filter(({ name }) => !tried.get(operationId)?.some((about) => about.startsWith(`path/${name}`)))
      .map(({ name }) => `${operationId} ${name}`),
  );
  expect(untried).toEqual([]);
});

test.each(rows)(
  '$operationId: whoever may call it gets its own, a foreign id answers exactly as an unknown one, and everyone else is refused',
  async (row) => {
    const cells = cellsOf(operationOf(row.operationId), row);
    const faults = await inParallel(cells, widthOf(row), (cell) => tryCell(cell, world()));
    expect(faults.flat()).toEqual([]);
  },
);

test('an idempotency key that another tenant has used is another key', async () => {
  expect(await create(estate)).toMatchObject({ partnerId: estate.partner.partnerId, name: keyed.body.name });
});

test('a SmartServer with licenses cannot be taken over by someone who reads its label, with either Customer ID', async () => {
  for (const customerId of [estate.own.customerId, other.own.customerId]) {
    const body = JSON.stringify(cmsSession(customerId, other.own.installCode));
    const headers = { 'content-type': 'application/json' };
    const answer = await wire.send({ method: 'POST', path: '/v1/cms/sessions', headers, body });
    expect(codeOf(answer)).toBe('device_proof_invalid');
  }
});

test('a customer reads nothing of the time when its license was a neighbour’s', async () => {
  const read = (token: string | null) => {
    const operation = operationOf('getLicenseChange');
    return wire.send(requestOf(operation, { path: { changeId: estate.formerChangeId } }, token));
  };
  expect((await read(estate.tokens.admin)).status).toBe(200);
  expect(codeOf(await read(estate.tokens.customer))).toBe('license_change_not_found');
});

test('who signs in with a License ID sees that license and nothing else', async () => {
  const { active, returnable, moved, inventory } = estate.foreign;
  const token = await estate.signIn(active);
  const list = await dataOf(
    system
      .api()
      .as(token)
      .GET('/v1/licenses', { params: { query: { limit: 200 } } }),
  );
  expect(list.items.map((license) => license.licenseId)).toEqual([active]);
  const operation = operationOf('getLicense');
  for (const licenseId of [returnable, moved, inventory(), other.foreign.active, randomUUID()]) {
    expect(codeOf(await wire.send(requestOf(operation, { path: { licenseId } }, token)))).toBe('license_not_found');
  }
});

const others = rows.filter(({ allowed }) => !allowed.includes('nobody') && allowed.some((actor) => actor !== 'staff'));

test.each(others)(
  '$operationId: random requests that name things of both partners show nothing of the other one',
  async ({ operationId, allowed }) => {
    const actors = allowed.filter((actor) => actor !== 'staff');
    const operation = operationOf(operationId);
    const known = mixedValuesOf(estate, other);
    const requests = actors.map((actor) => validRequests(operation, known, estate.tokens[actor]));
    const property = fc.asyncProperty(fc.tuple(...requests), async (sents) => {
      const answers = await Promise.all(sents.map(wire.send));
      requestCount += answers.length;
      expect(actors.flatMap((actor, at) => leaks(actor, answers.slice(at, at + 1), world()))).toEqual([]);
    });
    await fc.assert(property, { seed, numRuns: dose(5, 100), endOnFailure: true });
  },
  dose(60_000, 1_200_000),
);

test('after all of these requests the other partner finds everything as it was', async () => {
  expect(await snapshot(system.api(), other)).toEqual(before);
});
