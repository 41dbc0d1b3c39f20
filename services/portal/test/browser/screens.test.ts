import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accessibilityFaults, describeInBrowser, launch, openPage, overflow } from '@smartserver/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { fakeApi } from './fake-api.ts';
import { type Running, startGatewayAlone } from './processes.ts';
import { SCREENS } from './screens.ts';

/** `SCREENSHOTS=1 npx jest services/portal/test/browser/screens` makes the pictures of the README anew. */
const PICTURES = process.env.SCREENSHOTS ? join(import.meta.dirname, '../../screenshots') : null;

const WINDOWS = [
  { width: 1280, height: 800, isMobile: false },
  { width: 360, height: 740, isMobile: true },
];

jest.setTimeout(60_000);

describeInBrowser('every page', () => {
  let gateway: Running;
  let browser: Browser;
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([startGatewayAlone(), launch()]);
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(async () => {
    await browser?.close();
    await gateway?.stop();
  });

  const still = (page: Page) =>
    page.waitForFunction(
      () => document.querySelector('.bone, .spinner') === null && document.fonts.status === 'loaded',
    );

  const cases = WINDOWS.flatMap((window) => SCREENS.map((screen) => ({ ...screen, ...window })));
  test.each(cases)(
    '$name is without a fault for axe at $width px, light and dark, fits, and keeps to the content policy',
    async ({ name, path, api, act, heading, width, height, isMobile }) => {
      const viewport = { width, height };
      const options = { viewport, isMobile, hasTouch: isMobile, colorScheme: 'light' } as const;
      const { context, page, complaints } = await openPage(browser, gateway.url, options);
      await fakeApi(page, api);
      await page.goto(`${gateway.url}/portal${path}`);
      await act?.(page);
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor();
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await still(page);
        // Colours are the same at every width.
        if (colorScheme === 'light' || isMobile) expect(await accessibilityFaults(page)).toEqual([]);
        expect(await overflow(page)).toBe(0);
        if (PICTURES) {
          await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true });
        }
      }
      await page.evaluate(() => window.scrollTo(0, 0));
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  test.each(SCREENS.filter(({ act }) => act === undefined))('$name fits 360 px in German', async ({ path, api }) => {
    const { context, page } = await openPage(browser, gateway.url, {
      viewport: { width: 360, height: 740 },
      locale: 'de-DE',
    });
    await fakeApi(page, api);
    await page.goto(`${gateway.url}/portal${path}`);
    await page.locator('h1').waitFor();
    await still(page);
    expect(await page.locator('html').getAttribute('lang')).toBe('de');
    expect(await overflow(page)).toBe(0);
    await context.close();
  });
});
