import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { accessibilityFaults, describeInBrowser, launch, overflow } from '@smartserver/testing/browser';
import type { Browser } from 'playwright-core';
import { renderEmail } from '../../src/emails/template.tsx';
import { samples } from '../../src/samples/samples.ts';

/** `SCREENSHOTS=1 npx jest services/notification/test/browser` makes pictures to look at. */
const PICTURES = process.env.SCREENSHOTS ? join(import.meta.dirname, '../../../../.data/emails') : null;

describeInBrowser('every e-mail', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    if (PICTURES) mkdirSync(PICTURES, { recursive: true });
  });
  afterAll(() => browser?.close());

  test.each(samples())(
    '$name ($language) is without a fault for axe, light and dark, fits a telephone and a desk, without a script or a picture from elsewhere',
    async ({ name, language, content, unsubscribe }) => {
      const page = await browser.newPage();
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.setContent(renderEmail(content, unsubscribe).html);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [800, 360]) {
          await page.setViewportSize({ width, height: 700 });
          expect(await overflow(page)).toBe(0);
          if (PICTURES) {
            const path = join(PICTURES, `${name}-${language}-${width}-${colorScheme}.png`);
            await page.screenshot({ path, fullPage: true });
          }
        }
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      expect(await page.locator('script, img').count()).toBe(0);
      expect(requests).toEqual([]);
      await page.close();
    },
  );
});
