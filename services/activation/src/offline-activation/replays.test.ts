import { randomUUID } from 'node:crypto';
import type { OfflineActivation } from '@smartserver/contracts';
import { generateKey } from '@smartserver/license-document';
import { seededRandom } from '@smartserver/testing';
import { type Account, givenAccount, givenLicense } from '../../test/given.ts';
import { type Harness, startHarness } from '../../test/harness.ts';
import { activated, customerOf, givenBox, offline } from '../../test/offline-given.ts';

/* Request files that come again, out of order, for others, or changed on their way. */

// Guarantee 14. `npm run test:long` gives the full dose; SEED repeats a run.
const FILES = Number(process.env.OFFLINE_REQUESTS ?? (process.env.DOSE === 'long' ? 1000 : 15));
const SENDINGS = 10;
const random = seededRandom('replays').below;
jest.setTimeout(900_000);

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness({ instances: 2 });
});
afterAll(() => harness.close());

test(`guarantee 14: ${FILES} request files, each sent ${SENDINGS} times replayed, reordered, for foreign licenses or altered: as many effects as files`, async () => {
  console.log(`OFFLINE_REQUESTS=${FILES}`);
  const [own, stranger] = [await givenAccount(harness), await givenAccount(harness, [{}])];
  const actor = customerOf(own);
  type Sending = { kind: string; licenseId: string; requestFile: string; key: string | null };
  const sendings: Sending[] = [];
  const firsts: Sending[] = [];
  for (let file = 0; file < FILES; file += 1) {
    const licenseId = await givenLicense(harness, own);
    const requestFile = givenBox().request({ customerId: random(2) === 0 ? own.customerId : null });
    const key = random(2) === 0 ? randomUUID() : null;
    const first = { kind: 'genuine', licenseId, requestFile, key };
    firsts.push(first);
    for (let more = 0; more < SENDINGS; more += 1) {
      const kind = ['replayed', 'replayed', 'foreign', 'altered', 'cross'][random(5)] ?? '';
      const [strange = ''] = stranger.licenseIds;
      sendings.push({
        kind,
        licenseId: kind === 'foreign' ? strange : licenseId,
        requestFile:
          kind === 'altered' ? alter(requestFile, random) : kind === 'cross' ? crossed(stranger, random) : requestFile,
        key: kind === 'replayed' ? key : null,
      });
    }
  }
  for (const first of firsts) sendings.splice(random(sendings.length + 1), 0, first);

  const answers = new Map<string, Set<string>>();
  const send = async ({ kind, licenseId, requestFile, key }: Sending) => {
    const headers: Record<string, string> = key === null ? {} : { 'idempotency-key': key };
    const answer = await offline(harness, actor).activate({ licenseId, requestFile }, headers);
    if (kind === 'genuine' || kind === 'replayed') {
      const { offlineActivationId } = activated(answer);
      answers.set(requestFile, (answers.get(requestFile) ?? new Set()).add(answer.body));
      expect(answer.json<OfflineActivation>().offlineActivationId).toBe(offlineActivationId);
    } else if (![404, 409, 422].includes(answer.statusCode))
      throw new Error(`${kind}: ${answer.statusCode} ${answer.body}`);
  };
  // In groups at once, so that replays also meet.
  for (let at = 0; at < sendings.length; at += 8) await Promise.all(sendings.slice(at, at + 8).map(send));

  expect(answers.size).toBe(FILES);
  for (const bodies of answers.values()) expect(bodies.size).toBe(1);
  const count = async (customerId: string) =>
    (
      await harness.database.kysely
        .selectFrom('activations')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('customer_id', '=', customerId)
        .executeTakeFirstOrThrow()
    ).count;
  expect([await count(own.customerId), await count(stranger.customerId)]).toEqual([FILES, 0]);
  const recorded = (await harness.events('licenses.activated.1')).filter((e) => e.data.customerId === own.customerId);
  expect(recorded).toHaveLength(FILES);
});

/** One character of the file is another one. */
const alter = (file: string, random: (below: number) => number): string => {
  const at = random(file.trimEnd().length);
  return `${file.slice(0, at)}${file[at] === 'x' ? 'y' : 'x'}${file.slice(at + 1)}`;
};

/** Made under another account's Customer ID. */
const crossed = (stranger: Account, random: (below: number) => number): string =>
  givenBox({ deviceKey: generateKey() }).request({ customerId: stranger.customerId, serial: random(5) });
