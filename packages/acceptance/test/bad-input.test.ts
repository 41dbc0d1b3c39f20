import { announcedSeed } from '@smartserver/testing';
import fc from 'fast-check';
import { attemptsOf } from '../src/operations/attempts.ts';
import { type DocumentedOperation, operationsOf, readDocument } from '../src/operations/document.ts';
import type { Estate } from '../src/operations/estate.ts';
import { FROM_EVERYWHERE, oneEstate } from '../src/operations/estates.ts';
import { answerFaults, knownValuesOf, refusalFaults, validRequests, wildRequests } from '../src/operations/fuzz.ts';
import type { Sent, Wire } from '../src/operations/http.ts';
import { inParallel } from '../src/operations/parallel.ts';
import { addressAttempts, byteAttempts, methodAttempts } from '../src/operations/protocol.ts';
import { actorFor, validPartsFor } from '../src/operations/rows/index.ts';
import { attemptFaults, protocolFaults } from '../src/operations/verdict.ts';
import { dose } from '../src/system/dose.ts';
import { TestSystem } from '../src/system/system.ts';

// Every operation of the document answers whatever is sent to it with a problem that names the place, never with an error of ours.

const operations = operationsOf(readDocument('gateway'));
const AT_ONCE = 12;
const seed = announcedSeed('bad-input');
const RUNS = { seed, numRuns: dose(3, 30), endOnFailure: true };

let system: TestSystem;
let wire: Wire;
let estate: Estate;
const count = { attempts: 0, refused: 0, valid: 0, taken: 0, wild: 0 };

beforeAll(async () => {
  system = await TestSystem.start(FROM_EVERYWHERE);
  ({ wire, estate } = await oneEstate(system));
}, 120_000);

afterAll(async () => {
  const { attempts, refused, valid, taken, wild } = count;
  console.log(
    `${attempts} requests with one fault (${refused} refused by contract), ${valid} valid (${taken} taken), ${wild} wild`,
  );
  wire?.close();
  await system?.stop();
});

const tokenFor = ({ operationId }: DocumentedOperation): string | null => estate.tokens[actorFor(operationId)];

test.each(operations)(
  '$operationId: what is malformed, too large, of the wrong type or unknown is refused by name, and never repeated',
  async (operation) => {
    const valid = await validPartsFor(operation.operationId, estate, wire.send);
    const attempts = attemptsOf(operation, valid, tokenFor(operation));
    count.attempts += attempts.length;
    count.refused += attempts.filter((attempt) => attempt.codes !== null).length;
    const faults = await inParallel(attempts, AT_ONCE, async (attempt) =>
      attemptFaults(operation, attempt, await wire.send(attempt.sent)).map((fault) => `${attempt.name}: ${fault}`),
    );
    expect(faults.flat()).toEqual([]);
  },
);

test('other methods and addresses that do not exist are answered with a problem, too', async () => {
  const attempts = [...methodAttempts(operations), ...addressAttempts()];
  const faults = await inParallel(attempts, AT_ONCE, async (attempt) =>
    protocolFaults(attempt, await wire.send(attempt.sent)),
  );
  expect(faults.flat()).toEqual([]);
});

test('bytes that are no HTTP are answered with a problem, too, and the connection is closed', async () => {
  const faults = await inParallel(byteAttempts(), AT_ONCE, async (attempt) =>
    protocolFaults(attempt, await wire.sendBytes(attempt.bytes)),
  );
  expect(faults.flat()).toEqual([]);
});

/** Several at a time: what one does alone is tried above. */
const requests = (of: fc.Arbitrary<Sent>) => fc.array(of, { minLength: 8, maxLength: 8 });

test.each(operations)(
  '$operationId: requests that the document allows are taken, or refused as it says; answers are as it says',
  async (operation) => {
    const known = knownValuesOf(estate);
    const property = fc.asyncProperty(requests(validRequests(operation, known, tokenFor(operation))), async (sents) => {
      const answers = await Promise.all(sents.map(wire.send));
      count.valid += answers.length;
      count.taken += answers.filter((answer) => answer.status < 400).length;
      const faults = answers.flatMap((answer) => [...answerFaults(operation, answer), ...refusalFaults(answer)]);
      expect(faults).toEqual([]);
    });
    await fc.assert(property, RUNS);
  },
  dose(60_000, 1_200_000),
);

test.each(operations)(
  '$operationId: wild requests never make it fail',
  async (operation) => {
    const property = fc.asyncProperty(requests(wildRequests(operation, tokenFor(operation))), async (sents) => {
      const answers = await Promise.all(sents.map(wire.send));
      count.wild += answers.length;
      expect(answers.flatMap((answer) => answerFaults(operation, answer))).toEqual([]);
    });
    await fc.assert(property, RUNS);
  },
  dose(60_000, 1_200_000),
);
