import { describeInBrowser, launch, openPage } from '@smartserver/testing/browser';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type Answers, answer, fakeApi, problemAnswer } from './fake-api.ts';
import { type Running, startGatewayAlone } from './processes.ts';
import { offlineActivation, samples } from './samples.ts';
import { files } from './screens.ts';

jest.setTimeout(60_000);

describeInBrowser('the portal', () => {
  let gateway: Running;
  let browser: Browser;
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGatewayAlone(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const open = async (path: string, api: Answers = {}, options: BrowserContextOptions = {}) => {
    const opened = await openPage(browser, gateway.url, options);
    const { page } = opened;
    await fakeApi(page, api);
    await page.goto(`${gateway.url}/portal${path}`);
    const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    return { ...opened, heading, button };
  };
  const ready = `/licenses/${samples.ready.licenseId}`;

  test('speaks the language of the browser, another one when it is chosen, and that one from then on', async () => {
    const { page, context, heading } = await open('/', {}, { locale: 'de-AT' });
    await heading('Meine Lizenzen');
    await page.getByText('3. Februar 2026').first().waitFor();
    await page.getByLabel('Sprache').selectOption('English');
    await heading('My licenses');
    await page.reload();
    await heading('My licenses');
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    await context.close();
  });

  test('is dark when the system is, another way when it is chosen, and that way before anything is painted', async () => {
    const { page, context, heading } = await open('/', {}, { colorScheme: 'dark' });
    await heading('My licenses');
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.getByLabel('Appearance').selectOption('Light');
    const light = await background();
    expect(light).not.toBe(dark);
    await page.route('**/assets/index-*.js', (route) => route.abort());
    await page.reload();
    expect(await background()).toBe(light);
    await context.close();
  });

  test('helps to find one license among many, and asks the API to search', async () => {
    const many = Array.from({ length: 20 }, (_, n) => ({ ...samples.ready, licenseId: `${n}`.padStart(36, '0') }));
    const asked: string[] = [];
    const { page, context, button } = await open('/', {
      'GET /v1/licenses': (url) => {
        asked.push(url.search);
        const found = url.searchParams.get('text') === null ? many : [];
        return answer({ items: found, nextCursor: null });
      },
    });
    await page.getByText('20 licenses', { exact: true }).waitFor();
    await page.getByLabel('On a SmartServer').check();
    await page.getByLabel('Search').fill('roof');
    await page.getByText('No license matches').waitFor();
    expect(asked.at(-1)).toBe('?limit=50&text=roof&place=controller');
    await button('Show all licenses').click();
    await page.getByText('20 licenses', { exact: true }).waitFor();
    await context.close();
  });

  test('an access token that has expired is replaced, and nobody notices', async () => {
    let refreshes = 0;
    let refused = 0;
    const { context, heading } = await open(
      ready,
      {
        'POST /v1/auth/refresh': () => {
          refreshes += 1;
          return answer({ accessToken: `token-${refreshes}`, tokenType: 'Bearer', expiresIn: 900 });
        },
        'GET /v1/me': answer({ kind: 'customer' }),
        [`GET /v1${ready}`]: (_url, headers) => {
          if (headers.authorization === 'Bearer token-2') return answer(samples.ready);
          refused += 1;
          return problemAnswer('unauthenticated');
        },
      },
      { storageState: remembered(gateway.url) },
    );
    await heading('Device capacity, 1,000 devices');
    expect({ refreshes, refused }).toEqual({ refreshes: 2, refused: 1 });
    await context.close();
  });

  test('a session that cannot go on ends on the sign-in page, with the way back kept', async () => {
    const { page, context } = await open(
      ready,
      {
        'POST /v1/auth/refresh': problemAnswer('session_expired'),
      },
      { storageState: remembered(gateway.url) },
    );
    await page.getByText('Your session has ended').waitFor();
    expect(page.url()).toBe(`${gateway.url}/portal/sign-in?next=${encodeURIComponent(ready)}`);
    await context.close();
  });

  test('the session of a partner or of Customer Success, who sign in at the same address, is not taken for a customer’s', async () => {
    const { context, heading } = await open(
      '/',
      {
        'POST /v1/auth/refresh': answer({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 }),
        'GET /v1/me': answer({ kind: 'staff' }),
      },
      { storageState: remembered(gateway.url) },
    );
    await heading('Sign in');
    await context.close();
  });

  test('a server that does not answer at a reload signs nobody out', async () => {
    let down = true;
    const { page, context, heading, button } = await open(
      '/',
      {
        'POST /v1/auth/refresh': () =>
          down ? problemAnswer('unavailable') : answer({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 }),
      },
      { storageState: remembered(gateway.url) },
    );
    await page.getByText('The service does not answer right now').waitFor();
    down = false;
    await button('Try again').click();
    await heading('My licenses');
    await context.close();
  });

  test('after the sign-in nobody is led to another site', async () => {
    const { page, context, heading } = await open('/sign-in?next=//evil.example/', {
      'POST /v1/auth/refresh': problemAnswer('session_expired'),
      'POST /v1/portal/sessions': answer({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 }, 201),
    });
    await page.getByLabel('License ID or e-mail address').fill(samples.ready.licenseId);
    await page.keyboard.press('Enter');
    await heading('Device capacity, 1,000 devices');
    expect(new URL(page.url()).origin).toBe(gateway.url);
    await context.close();
  });

  test('the code can be entered after the phone has dropped the page, and a new one asked for after a minute', async () => {
    const challenge = { challengeId: '7d1c6f0e-2f0a-4c59-9f3e-6b8a4c2d1e0f', expiresAt: '2099-03-01T12:10:00.000Z' };
    const { page, context, heading, button } = await open('/sign-in', {
      'POST /v1/auth/refresh': problemAnswer('session_expired'),
      'POST /v1/portal/challenges': answer(challenge, 202),
    });
    await page.clock.install();
    await page.getByLabel('License ID or e-mail address').fill('Facility <facility@building.example>');
    await page.keyboard.press('Enter');
    await heading('Enter the code');
    await page.reload();
    await heading('Enter the code');
    await page.getByText('facility@building.example').waitFor();
    expect(await button('Send a new code').count()).toBe(0);
    await page.clock.runFor(61_000);
    await button('Send a new code').click();
    await page.getByText('A new code is on its way').waitFor();
    await context.close();
  });

  test('without connection it says so; trying again has one effect, since it carries the same key', async () => {
    const keys: (string | undefined)[] = [];
    const { page, context, button, heading } = await open(`${ready}/activate`, {
      'POST /v1/offline-activations': (_url, headers) => {
        keys.push(headers['idempotency-key']);
        if (keys.length <= 3) return problemAnswer('unavailable');
        return answer({ ...offlineActivation, licenseId: samples.ready.licenseId }, 201);
      },
    });
    await page.getByLabel('Install code', { exact: true }).fill(offlineActivation.installCode);
    await button('Check before creating').click();
    await page.getByLabel('I have compared').check();
    await button('Create the file now').click();
    await page.getByText('The service does not answer right now').waitFor();
    await context.setOffline(true);
    await page.getByText('You are offline').waitFor();
    await context.setOffline(false);
    await button('Create the file now').click();
    await heading('The file is ready');
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    await context.close();
  });

  test('a letter that looks like a digit is pointed out before it costs a license', async () => {
    const { page, context } = await open(`${ready}/activate`);
    const field = page.getByLabel('Install code', { exact: true });
    await field.fill('O302E1C2A8F40011');
    await page.getByText('Is this a digit?').waitFor();
    await field.fill('0302E1C2A8F40011');
    await page.getByText('Is this a digit?').waitFor({ state: 'detached' });
    await context.close();
  });

  test('a request file after a typed install code makes the SmartServer known; one of another SmartServer is not sent', async () => {
    const sent: string[] = [];
    const { page, context } = await open(`/licenses/${samples.offline.licenseId}`, {
      'POST /v1/offline-activations': (_url, _headers, body) => {
        sent.push(body);
        return answer(offlineActivation, 201);
      },
    });
    await page.getByText('Was the install code typed by hand?').click();
    const field = page.getByRole('button', { name: /^Request file/ });
    await field.setInputFiles({
      name: 'a.req',
      mimeType: 'text/plain',
      buffer: Buffer.from(files.request.slice(0, 300)),
    });
    await page.getByText('This file is not complete').waitFor();
    expect(sent).toEqual([]);
    await field.setInputFiles({ name: 'b.req', mimeType: 'text/plain', buffer: Buffer.from(files.request) });
    await page.getByText('The SmartServer is known now').waitFor();
    expect(sent).toEqual([JSON.stringify({ licenseId: samples.offline.licenseId, requestFile: files.request })]);
    await context.close();
  });

  test('a list that cannot be loaded is explained, and loaded when it is asked for again', async () => {
    let answered = 0;
    const { page, context, button } = await open('/', {
      'GET /v1/licenses': () => {
        answered += 1;
        return answered <= 3 ? problemAnswer('internal') : answer({ items: [samples.ready], nextCursor: null });
      },
    });
    await page.getByText('Something went wrong on our side').waitFor();
    await page.getByRole('link', { name: 'customer.success@enocean.example' }).waitFor();
    answered = 3;
    await button('Try again').click();
    await page.getByText('1 license', { exact: true }).waitFor();
    await context.close();
  });
});

/** A browser that had a session here before. */
const remembered = (origin: string) => ({
  cookies: [],
  origins: [{ origin, localStorage: [{ name: 'portal.session', value: '1' }] }],
});
