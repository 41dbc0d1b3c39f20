import { randomUUID } from 'node:crypto';
import type { Customer } from '@smartserver/contracts';
import { codeOf } from '../src/operations/answers.ts';
import { operationsOf, readDocument } from '../src/operations/document.ts';
import type { Estate } from '../src/operations/estate.ts';
import { twoEstates } from '../src/operations/estates.ts';
import type { Wire } from '../src/operations/http.ts';
import { cellsOf, tryCell } from '../src/operations/matrix.ts';
import { inParallel } from '../src/operations/parallel.ts';
import { type Row, rows } from '../src/operations/rows/index.ts';
import { cmsSession } from '../src/operations/rows/sign-in.ts';
import { settled, snapshot } from '../src/operations/snapshot.ts';
import { TestSystem } from '../src/system/system.ts';

// Guarantee 22: every operation of the document × every kind of actor × own, a neighbour's, a foreign and an unknown id.

const operations = operationsOf(readDocument('gateway'));
const AT_ONCE = 12;
/** Too many sign-ins of one person at once look like guessing. */
const widthOf = ({ allowed }: Row): number => (allowed.includes('nobody') ? 1 : AT_ONCE);
/** To two contacts of two accounts: what was transferred, and what was activated. */
const EMAILS = 8;

let system: TestSystem;
let wire: Wire;
let estate: Estate;
let other: Estate;
let before: Record<string, unknown>;
let requests = 0;
/** A request that the other partner has made. */
const keyed = { body: { name: `P-${randomUUID()}` }, idempotencyKey: randomUUID() };

beforeAll(async () => {
  const t0=Date.now(); const lap=(w: string)=>console.log(w, Date.now()-t0);
  system = await TestSystem.start();lap('start');
  ({ wire, estate, other } = await twoEstates(system));
lap('estates');  await create(other);
  await settled(system.api(), other, EMAILS);
lap('settled');  before = await snapshot(system.api(), other);
}, 120_000);

afterAll(async () => {
  console.log(`${requests} requests of the matrix`);
  wire?.close();
  await system?.stop();
});

const create = ({ partner }: Estate) =>
  system.api().post<Customer>('/v1/customers', { ...keyed, token: partner.token });

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
    const operation = operations.find(({ operationId }) => operationId === row.operationId);
    if (operation === undefined) throw new Error(`The document has no ${row.operationId}.`);
    const count = () => {
      requests += 1;
    };
    const world = { estate, other, send: wire.send, count };
    const faults = await inParallel(cellsOf(operation, row), widthOf(row), (cell) => tryCell(cell, world));
    expect(faults.flat()).toEqual([]);
  },
);

test('an idempotency key that another tenant has used is another key', async () => {
  expect(await create(estate)).toMatchObject({ partnerId: estate.partner.partnerId, name: keyed.body.name });
});

test('a SmartServer with licenses cannot be taken over by whoever reads its label, with either Customer ID', async () => {
  for (const customerId of [estate.own.customerId, other.own.customerId]) {
    const body = JSON.stringify(cmsSession(customerId, other.own.installCode));
    const headers = { 'content-type': 'application/json' };
    const answer = await wire.send({ method: 'POST', path: '/v1/cms/sessions', headers, body });
    expect(codeOf(answer)).toBe('device_proof_invalid');
  }
});

test('after all of these requests the other partner finds everything as it was', async () => {
  expect(await snapshot(system.api(), other)).toEqual(before);
});
