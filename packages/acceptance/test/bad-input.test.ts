import { attemptsOf } from '../src/operations/attempts.ts';
import { type DocumentedOperation, operationsOf, readDocument } from '../src/operations/document.ts';
import type { Estate } from '../src/operations/estate.ts';
import { twoEstates } from '../src/operations/estates.ts';
import type { Wire } from '../src/operations/http.ts';
import { inParallel } from '../src/operations/parallel.ts';
import { actorFor, validPartsFor } from '../src/operations/rows/index.ts';
import { attemptFaults } from '../src/operations/verdict.ts';
import { TestSystem } from '../src/system/system.ts';

// Every operation of the document answers whatever is sent to it with a problem that names the place, never with an error of ours.

const operations = operationsOf(readDocument('gateway'));
const AT_ONCE = 12;

let system: TestSystem;
let wire: Wire;
let estate: Estate;
let requests = 0;

beforeAll(async () => {
  system = await TestSystem.start();
  ({ wire, estate } = await twoEstates(system));
}, 120_000);

afterAll(async () => {
  console.log(`${requests} bad requests`);
  wire?.close();
  await system?.stop();
});

const tokenFor = ({ operationId }: DocumentedOperation): string | null => estate.tokens[actorFor(operationId)];

test.each(operations)(
  '$operationId: what is malformed, too large, of the wrong type or unknown is refused by name, and never repeated',
  async (operation) => {
    const valid = await validPartsFor(operation.operationId, estate, wire.send);
    const attempts = attemptsOf(operation, valid, tokenFor(operation));
    requests += attempts.length;
    const faults = await inParallel(attempts, AT_ONCE, async (attempt) =>
      attemptFaults(operation, attempt, await wire.send(attempt.sent)).map((fault) => `${attempt.name}: ${fault}`),
    );
    expect(faults.flat()).toEqual([]);
  },
);
