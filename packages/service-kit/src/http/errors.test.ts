import type { Problem } from '@smartserver/contracts';
import { idle, type Sample, startSample, THING_ID } from '../../test/sample/app.ts';
import type { ThingService } from '../../test/sample/things.route.ts';
import { problem } from './problems.ts';

let sample: Sample;

beforeAll(async () => {
  sample = await startSample();
});

/** What the routes' methods do in this test. */
const act = (things: Partial<ThingService>) => Object.assign(sample.things, things);

beforeEach(() => {
  act(idle);
  sample.lines.length = 0;
});

afterAll(() => sample.app.close());

const url = `/v1/things/${THING_ID}`;

describe('an error', () => {
  const failing = async (error: unknown) => {
    act({ get: () => Promise.reject(error) });
    const response = await sample.app.inject({ url, headers: sample.bearer() });
    return { response, body: response.json<Problem>() };
  };

  test('of the catalogue is rendered as it says, its log text kept back', async () => {
    const items = [{ pointer: '/licenseIds/0', code: 'license_in_use', detail: 'is active' }];
    const { response, body } = await failing(
      problem('license_in_use', { errors: items, log: 'on controller 0302E1C2' }),
    );
    expect(response.statusCode).toBe(409);
    expect(body).toEqual({
      type: '/problems/license_in_use',
      title: 'The license is active on a controller',
      status: 409,
      detail: 'Transfer it back to the cloud from there first.',
      instance: response.headers['x-request-id'],
      code: 'license_in_use',
      errors: items,
    });
  });

  test('that is unexpected reveals nothing, and is logged with the request id', async () => {
    const { response, body } = await failing(new Error('column "secret_thing" does not exist'));
    expect(response.statusCode).toBe(500);
    expect(body.code).toBe('internal');
    expect(response.body).not.toContain('secret_thing');
    const [line] = sample.lines;
    expect(line).toMatchObject({ requestId: body.instance, operationId: 'getThing', code: 'internal' });
    expect(JSON.stringify(line)).toContain('secret_thing');
  });

  test('that is no Error at all is internal, too', async () => {
    expect((await failing('thrown text')).body.code).toBe('internal');
    expect((await sample.app.inject({ url, headers: sample.bearer() })).body).not.toContain('thrown text');
  });

  const pgError = (code: string) => Object.assign(new Error('from the database'), { code });

  test.each([
    ['connection lost', pgError('08006')],
    ['disk full', pgError('53100')],
    ['too many connections', pgError('53300')],
    ['shut down', pgError('57P01')],
    ['statement cancelled by its time-out', pgError('57014')],
    ['read-only', pgError('25006')],
    ['lock not available', pgError('55P03')],
    ['deadlock', pgError('40P01')],
    ['refused connection', pgError('ECONNREFUSED')],
    ['every address refused', new AggregateError([pgError('ECONNREFUSED')], '')],
    ['pool exhausted', new Error('timeout exceeded when trying to connect')],
    ['connection terminated', new Error('Connection terminated unexpectedly')],
    ['said by the service itself', problem('unavailable', { log: 'from the service' })],
    ['the cause of another error', new Error('query failed', { cause: pgError('57P03') })],
  ])('of a database that cannot work now is 503 with Retry-After: %s', async (_what, error) => {
    const { response, body } = await failing(error);
    expect(response.statusCode).toBe(503);
    expect(body.code).toBe('unavailable');
    expect(response.headers['retry-after']).toMatch(/^[1-9]\d*$/);
    expect(response.body).not.toContain(error.message || 'from the database');
    expect(sample.lines[0]).toMatchObject({ level: 40, requestId: body.instance });
  });

  test.each(['23505', '42P01', '22P02'])('of a statement that is wrong (%s) is internal', async (code) => {
    expect((await failing(pgError(code))).body.code).toBe('internal');
  });

  test('of the caller costs no line at info', async () => {
    await failing(problem('license_not_found'));
    expect(sample.lines).toEqual([]);
  });
});

describe('an address', () => {
  test('that does not exist is not found, whatever is sent to it', async () => {
    for (const payload of [undefined, '{"broken'] as const) {
      const response = await sample.app.inject({
        method: 'POST',
        url: '/v1/nothing',
        headers: { 'content-type': 'application/json' },
        ...(payload === undefined ? {} : { payload }),
      });
      expect(response.statusCode).toBe(404);
      expect(response.json<Problem>().code).toBe('not_found');
    }
  });

  test('that exists refuses other methods and names its own', async () => {
    const response = await sample.app.inject({ method: 'PUT', url, headers: { 'content-type': 'a/b' }, payload: 'x' });
    expect(response.statusCode).toBe(405);
    expect(response.json<Problem>().code).toBe('method_not_allowed');
    expect(response.headers.allow).toBe('GET, HEAD, PATCH, DELETE');
  });
});
