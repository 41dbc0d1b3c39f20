import { expectProblem } from '@smartserver/testing';
import { givenLicenses, givenPartner, type Harness, startHarness } from '../../test/harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
afterAll(() => harness.close());

describe('a note', () => {
  const given = async () => {
    const { partnerId, user } = await givenPartner(harness);
    const [license] = await givenLicenses(harness, partnerId);
    return { user, url: `/v1/licenses/${license?.licenseId}`, licenseId: license?.licenseId };
  };

  test('is changed with the ETag that a read gave, and the change is published', async () => {
    const { user, url, licenseId } = await given();
    const { headers } = await harness.get(user, url);
    const answer = await harness.patch(user, url, { note: 'Building 1' }, { 'if-match': headers.etag });
    expect(answer.json()).toMatchObject({ note: 'Building 1', version: 2 });
    expect(answer.headers.etag).toBe('"2"');
    const published = (await harness.events('license.changed.1')).filter((event) => event.data.licenseId === licenseId);
    expect(published.at(-1)?.data).toMatchObject({ note: 'Building 1', version: 2 });
  });

  test('is not a move: the history has no entry of it', async () => {
    const { user, url } = await given();
    await harness.patch(user, url, { note: 'x' }, { 'if-match': '"1"' });
    expect((await harness.get(user, `${url}/history`)).json().items).toHaveLength(1);
  });

  test('is not changed on an old version, or without naming one', async () => {
    const { user, url } = await given();
    expectProblem(await harness.patch(user, url, { note: 'x' }), 428, 'precondition_required');
    expectProblem(await harness.patch(user, url, { note: 'x' }, { 'if-match': '"7"' }), 412, 'precondition_failed');
  });

  test('edited by ten at once is changed by one', async () => {
    const { user, url } = await given();
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => harness.patch(user, url, { note: `${index}` }, { 'if-match': '"1"' })),
    );
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, ...Array(9).fill(412)]);
  });
});
