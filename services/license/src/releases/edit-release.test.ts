import type { Release, ReleasePage } from '@smartserver/contracts';
import { actors, expectProblem } from '@smartserver/testing';
import { type Harness, startHarness, unknownId } from '../../test/harness.ts';
import { replayLicenses } from '../service.ts';

/* The catalogue of SmartServer releases: all may read it, Customer Success edits it, activation is notified of each change. */

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(() => harness.database.kysely.deleteFrom('releases').execute());
afterAll(() => harness.close());

const RELEASED = '2026-06-01T00:00:00.000Z';
const create = (version: string, fields: object = {}, headers = {}) =>
  harness.post(
    harness.staff,
    '/v1/releases',
    { version, releaseClass: 'minor', releasedAt: RELEASED, ...fields },
    headers,
  );
const given = async (version: string, fields: object = {}): Promise<Release & { url: string }> => {
  const answer = await create(version, fields);
  if (answer.statusCode !== 201) throw new Error(answer.body);
  const release = answer.json<Release>();
  return { ...release, url: `/v1/releases/${release.releaseId}` };
};
const published = async (releaseId: string) =>
  (await harness.events('release.changed.1')).filter((event) => event.data.releaseId === releaseId);
const versions = async (query = '') =>
  (await harness.get(harness.staff, `/v1/releases${query}`)).json<ReleasePage>().items.map((item) => item.version);

test('a release is added, read by all who are signed in, and published to activation', async () => {
  const answer = await create('4.4');
  expect([answer.statusCode, answer.headers.etag]).toEqual([201, '"1"']);
  const release = answer.json<Release>();
  expect(release).toEqual({
    releaseId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    version: '4.4',
    releaseClass: 'minor',
    releasedAt: RELEASED,
    revision: 1,
  });
  const readers = [
    actors.partnerUser(unknownId(), 'viewer'),
    actors.apiClient(),
    actors.customer(),
    actors.cms({ partnerId: unknownId(), customerId: unknownId(), installCode: '0302E1C2A8F40011' }),
  ];
  for (const reader of readers) {
    const read = await harness.get(reader, `/v1/releases/${release.releaseId}`);
    expect([read.json(), read.headers.etag]).toEqual([release, '"1"']);
    expect((await harness.get(reader, '/v1/releases')).json()).toEqual({ items: [release], nextCursor: null });
    for (const refused of [
      await harness.post(reader, '/v1/releases', { version: '5.0', releaseClass: 'major', releasedAt: RELEASED }),
      await harness.put(reader, `/v1/releases/${release.releaseId}`, { releaseClass: 'major', releasedAt: RELEASED }),
      await harness.delete(reader, `/v1/releases/${release.releaseId}`),
    ]) {
      expectProblem(refused, 403, 'scope_missing');
    }
  }
  const { releaseId } = release;
  const data = {
    releaseId,
    softwareVersion: '4.4',
    releaseClass: 'minor',
    releasedAt: RELEASED,
    withdrawn: false,
    version: 1,
  };
  expect((await published(releaseId)).map((event) => event.data)).toEqual([data]);
});

test.each([
  ['3.3 Update 1', ['3.3 update 1', ' 3.3  Update 1 ']],
  ['4.40.012', ['4.40.12', '4.40.000012']],
  ['4.4', [' 4.4']],
])('the catalogue has %s once, however it is written', async (version, others) => {
  await given(version);
  for (const other of others) expectProblem(await create(other), 409, 'release_exists');
  expect(await versions()).toEqual([version]);
});

test('a build is another release than the one that it is a build of', async () => {
  await given('3.31.005');
  await given('3.3 Update 1');
  expect(await versions()).toEqual(['3.31.005', '3.3 Update 1']);
});

test('of twenty that add one version at once, one succeeds', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => create('4.5')));
  expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array(19).fill(409)]);
});

test('an answer that was lost is given again under its Idempotency-Key; another body is refused', async () => {
  const headers = { 'idempotency-key': 'release-1' };
  const [first, again] = [await create('4.6', {}, headers), await create('4.6', {}, headers)];
  expect([again.statusCode, again.body]).toEqual([201, first.body]);
  expectProblem(await create('4.7', {}, headers), 422, 'idempotency_key_reused');
});

test('the list goes from the newest version to the oldest, as versions order, page by page', async () => {
  const newestFirst = [
    '10.0',
    '4.10.100',
    '4.4 Update 1',
    '4.40.012',
    '4.40.002',
    '4.4',
    '4.1 Update 10',
    '4.1 Update 9',
  ];
  for (const version of [...newestFirst].sort()) await given(version);
  expect(await versions()).toEqual([
    '10.0',
    '4.4 Update 1',
    '4.40.012',
    '4.40.002',
    '4.4',
    '4.1 Update 10',
    '4.1 Update 9',
    '4.10.100',
  ]);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`;
    const page: ReleasePage = (await harness.get(harness.staff, `/v1/releases${query}`)).json();
    seen.push(...page.items.map((item) => item.version));
    cursor = page.nextCursor;
    // What comes in while a caller pages disturbs nothing.
    if (seen.length === 3) await given('11.0');
  } while (cursor !== null);
  expect(seen).toEqual((await versions()).slice(1));
  expectProblem(await harness.get(harness.staff, '/v1/releases?cursor=Zm9v'), 400, 'validation_failed');
});

test.each(['4.40', 'latest', '4', '4.4 Update', '4.4 Update 0', 'v4.4', '4.4.1.2', '-1.0'])(
  'what is no version is refused with how one looks: %s',
  async (version) => {
    const problem = expectProblem(await create(version), 400, 'validation_failed');
    expect(problem.errors).toMatchObject([{ pointer: '/version', detail: expect.stringContaining('3.3 Update 1') }]);
  },
);

test('a time that no release came out at is refused, in a new one and in an edit', async () => {
  const { url } = await given('4.4');
  for (const releasedAt of ['1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-06-30T23:59:60Z']) {
    const answers = [
      await create('4.8', { releasedAt }),
      await harness.put(harness.staff, url, { releaseClass: 'minor', releasedAt }, { 'if-match': '"1"' }),
    ];
    for (const answer of answers) {
      expect(expectProblem(answer, 400, 'validation_failed').errors).toMatchObject([{ pointer: '/releasedAt' }]);
    }
  }
});

test('an edit changes class and date of the revision that was read, and is published', async () => {
  const { url, releaseId } = await given('4.4');
  const body = { releaseClass: 'platform', releasedAt: '2026-07-01T02:00:00+02:00' };
  expectProblem(await harness.put(harness.staff, url, body), 428, 'precondition_required');
  const edited = await harness.put(harness.staff, url, body, { 'if-match': '"1"' });
  expect(edited.json()).toMatchObject({
    version: '4.4',
    releaseClass: 'platform',
    releasedAt: '2026-07-01T00:00:00.000Z',
    revision: 2,
  });
  expect(edited.headers.etag).toBe('"2"');
  expectProblem(await harness.put(harness.staff, url, body, { 'if-match': '"1"' }), 412, 'precondition_failed');
  expect((await published(releaseId)).map((event) => [event.data.version, event.data.releaseClass])).toEqual([
    [1, 'minor'],
    [2, 'platform'],
  ]);
});

test('a release that is deleted is gone for all, published as withdrawn, and its version is free', async () => {
  const { url, releaseId } = await given('4.4', { releaseClass: 'platform' });
  expect((await harness.delete(harness.staff, url)).statusCode).toBe(204);
  const update = { releaseClass: 'minor', releasedAt: RELEASED };
  for (const answer of [
    await harness.get(harness.staff, url),
    await harness.delete(harness.staff, url),
    await harness.put(harness.staff, url, update, { 'if-match': '*' }),
    await harness.get(harness.staff, `/v1/releases/${unknownId()}`),
  ]) {
    expectProblem(answer, 404, 'release_not_found');
  }
  expect(await versions()).toEqual([]);
  expect((await published(releaseId)).map((event) => [event.data.version, event.data.withdrawn])).toEqual([
    [1, false],
    [2, true],
  ]);
  await given('4.4');
});

test('a replay publishes every release as it is, also those that were deleted', async () => {
  const [kept, deleted] = [await given('4.4'), await given('4.5')];
  await harness.delete(harness.staff, deleted.url);
  await replayLicenses({ DATABASE_URL: harness.database.url, LOG_LEVEL: 'silent' });
  for (const { releaseId } of [kept, deleted]) {
    const [last, before] = (await published(releaseId)).reverse();
    expect(last?.data).toEqual(before?.data);
    expect(last?.id).not.toBe(before?.id);
  }
});
