import { describeInBrowser, launch, openPage, type Watched } from '@smartserver/testing/browser';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Running, startSystem } from './processes.ts';
import { makeWorld, type World } from './world.ts';

const EMAIL = 'keyboard@building.example';

jest.setTimeout(120_000);

describeInBrowser('with the keyboard alone', () => {
  let system: Running;
  let world: World;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  beforeAll(async () => {
    const started = await startSystem();
    system = started;
    [world, browser] = await Promise.all([makeWorld(started.url, started.staff, [EMAIL]), launch()]);
    watched = await openPage(browser, started.url, { viewport: { width: 1280, height: 800 } });
    page = watched.page;
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });

  const isFocused = (element: Locator): Promise<boolean> =>
    element.evaluate((node) => node === document.activeElement).catch(() => false);

  /** Presses Tab until the element has the focus, which must be to be seen. */
  const tabTo = async (element: Locator): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await isFocused(element)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${element} cannot be reached with Tab`);
  };
  const press = async (element: Locator, key: string): Promise<void> => {
    await tabTo(element);
    await page.keyboard.press(key);
  };
  const heading = (name: string) => page.getByRole('heading', { level: 1, name });

  test('one gets from the first page to the downloaded file, and each new page has the focus on its heading', async () => {
    await page.goto(`${system.url}/portal/`);
    await heading('Sign in').waitFor();
    await page.keyboard.press('Tab');
    expect(await isFocused(page.getByRole('link', { name: 'Skip to the content' }))).toBe(true);
    await page.keyboard.press('Enter');
    await tabTo(page.getByLabel('License ID or e-mail address'));
    await page.keyboard.type(EMAIL);
    await page.keyboard.press('Enter');

    await heading('Enter the code').waitFor();
    expect(await isFocused(page.getByLabel('Code from the e-mail'))).toBe(true);
    await page.keyboard.type(await world.codeFor(EMAIL));
    await heading('My licenses').waitFor();
    expect(await isFocused(heading('My licenses'))).toBe(true);

    await press(page.getByRole('link', { name: /^Device capacity, 200/ }), 'Enter');
    await heading('Device capacity, 200 devices').waitFor();
    await press(page.getByRole('link', { name: 'Create activation file' }), 'Enter');
    await heading('Create activation file').waitFor();
    await press(page.getByLabel('I type the install code'), 'ArrowDown');
    await page.getByText('How do I make a request file?').waitFor();
    await page.keyboard.press('ArrowUp');
    await tabTo(page.getByLabel('Install code', { exact: true }));
    await page.keyboard.type('short');
    await page.keyboard.press('Enter');
    await page.getByText('An install code has at least 8').waitFor();
    expect(await isFocused(page.getByLabel('Install code', { exact: true }))).toBe(true);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('0302e1c2a8f40099');
    await page.keyboard.press('Enter');

    await heading('Check, then create').waitFor();
    expect(await isFocused(heading('Check, then create'))).toBe(true);
    await press(page.getByLabel('I have compared'), 'Space');
    await press(page.getByRole('button', { name: 'Create the file now' }), 'Enter');
    await heading('The file is ready').waitFor();
    expect(await isFocused(heading('The file is ready'))).toBe(true);
    await tabTo(page.getByRole('button', { name: 'Download file' }));
    const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(file.suggestedFilename()).toMatch(/^smartserver-0302E1C2A8F40099-\d+\.lic$/);
    expect(watched.complaints).toEqual([]);
  });
});
