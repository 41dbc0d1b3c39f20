import { readFileSync, writeFileSync } from 'node:fs';
import { importPublicKey, readLicenseFile, verifyDocument } from '@smartserver/license-document';
import {
  accessibilityFaults,
  describeInBrowser,
  keepFailure,
  launch,
  openPage,
  type Watched,
} from '@smartserver/testing/browser';
import type { Browser, Page } from 'playwright-core';
import { type Running, startSystem } from './processes.ts';
import { OfflineSmartServer } from './smartserver.ts';
import { makeWorld, type World } from './world.ts';

const EMAIL = 'facility@building.example';
const INSTALL_CODE = '0302E1C2A8F40011';
const OTHER_CODE = '0302F0B7A1C90042';

jest.setTimeout(120_000);

describeInBrowser('a customer licenses a SmartServer without Internet', () => {
  let system: Running;
  let world: World;
  let browser: Browser;
  let server: OfflineSmartServer;
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    const started = await startSystem();
    system = started;
    [world, browser] = await Promise.all([makeWorld(started.url, started.staff, [EMAIL]), launch()]);
    server = new OfflineSmartServer(INSTALL_CODE, world.rootPublicKey);
    watched = await openPage(browser, started.url, { viewport: { width: 360, height: 740 } });
    page = watched.page;
  });
  afterAll(async () => {
    await browser?.close();
    server?.remove();
    await system?.stop();
  });

  /** Each goes on where the one before has ended: after one that fails, the rest says so at once. */
  let broken = false;
  const step = (name: string, work: () => Promise<void>): void =>
    test(name, async () => {
      if (broken) throw new Error('an earlier step has failed');
      broken = true;
      await work().catch(async (error: unknown) => {
        console.error(`The page as it failed: ${await keepFailure(page)}`);
        throw error;
      });
      expect(watched.complaints).toEqual([]);
      broken = false;
    });

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();
  const download = async (name: string): Promise<string> => {
    const [file] = await Promise.all([page.waitForEvent('download'), button('Download file').click()]);
    await file.saveAs(server.file(name));
    return readFileSync(server.file(name), 'utf8');
  };

  step('an e-mailed code, pasted with the text around it, signs in', async () => {
    await page.goto(`${system.url}/portal/`);
    await page.getByLabel('License ID or e-mail address').fill(EMAIL);
    await button('Continue').click();
    await heading('Enter the code');
    expect(await accessibilityFaults(page)).toEqual([]);

    const code = await world.codeFor(EMAIL);
    const field = page.getByLabel('Code from the e-mail');
    await field.fill(code === '000000' ? '000001' : '000000');
    await page.getByText('This code is not right').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await field.fill(`Your code: ${code.slice(0, 3)} ${code.slice(3)}`);
    await heading('My licenses');
    await page.getByText('3 licenses', { exact: true }).waitFor();
    expect(await page.getByRole('listitem').count()).toBe(3);
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  step('no token is where a script of another page or a thief of the disk could find it', async () => {
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(stored).toBe(JSON.stringify([{ 'portal.session': '1' }, {}, '']));
    const [cookie] = (await watched.context.cookies(`${system.url}/v1/auth/refresh`)).filter(
      ({ name }) => name === 'refresh_token',
    );
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/v1/auth' });
  });

  step('a reload goes on with the session', async () => {
    await page.reload();
    await heading('My licenses');
  });

  step('a maintenance license says who makes its file, and how to reach them', async () => {
    await page.getByRole('link', { name: /^Maintenance/ }).click();
    await heading('Maintenance, 1,000 devices');
    await page.getByRole('heading', { name: 'Customer Success issues this file' }).waitFor();
    expect(await page.getByRole('link', { name: 'customer.success@enocean.example' }).getAttribute('href')).toBe(
      'mailto:customer.success@enocean.example',
    );
    await page.getByRole('link', { name: 'All licenses' }).click();
  });

  step(
    'a request file is shown, confirmed, and turned into an activation file that the CMS takes with the network cut',
    async () => {
      server.cms('request', '--out', server.file('request.req'));
      await page.getByRole('link', { name: /^Device capacity, 1,000/ }).click();
      await heading('Device capacity, 1,000 devices');
      await page.getByRole('link', { name: 'Create activation file' }).click();
      await page.getByLabel('I have a request file').check();
      await page.getByRole('button', { name: 'Request file Choose file' }).setInputFiles(server.file('request.req'));
      await page.getByText('Chosen: request.req').waitFor();
      await button('Check before creating').click();

      await heading('Check, then create');
      await page.getByText('Heizzentrale Süd').waitFor();
      await page.getByText('The license is placed on this SmartServer at once').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await button('Create the file now').click();
      await heading('The file is ready');
      expect(await accessibilityFaults(page)).toEqual([]);

      const file = await download('license.lic');
      const { document } = verifyDocument(readLicenseFile(file).jws, {
        rootPublicKey: importPublicKey(world.rootPublicKey),
        installCode: INSTALL_CODE,
      });
      expect(document.licenses.map(({ kind, deviceCount }) => ({ kind, deviceCount }))).toEqual([
        { kind: 'capacity', deviceCount: 1000 },
      ]);
      expect(server.cms('add', server.file('license.lic'))).toMatchObject({ installCode: INSTALL_CODE, isNew: true });
    },
  );

  step('the file can be fetched again, byte for byte, and the history tells what happened', async () => {
    await page.getByRole('link', { name: 'To the license' }).click();
    await page.getByRole('heading', { name: 'Activation file' }).waitFor();
    expect(await download('again.lic')).toBe(readFileSync(server.file('license.lic'), 'utf8'));
    await page.getByText('Active', { exact: true }).waitFor();
    await page.getByText('Activated on SmartServer').waitFor();
    await page.getByText('Transferred to your project').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  step('what is no receipt is refused here, and what is forged is refused by the server, with help', async () => {
    await page.getByRole('link', { name: 'Return licenses' }).click();
    await heading('Return licenses without Internet');
    const field = page.getByRole('button', { name: /^Return receipt/ });
    await field.setInputFiles(server.file('license.lic'));
    await page.getByText('This is an activation file (.lic)').waitFor();

    const { returned } = server.cms('return', '--offline', '--all', '--yes', '--out', server.file('receipt.ret'));
    expect(returned).toHaveLength(1);
    const receipt = readFileSync(server.file('receipt.ret'), 'utf8');
    writeFileSync(server.file('forged.ret'), receipt.replace(/^(Serial: +)\d+$/m, '$199'));
    await field.setInputFiles(server.file('forged.ret'));
    await button('Return these licenses').click();
    await page.getByText('This return receipt cannot be used').waitFor();
    expect(await page.getByRole('link', { name: 'More about this problem' }).getAttribute('href')).toBe(
      '/problems/receipt_invalid',
    );
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  step('the receipt of the SmartServer frees the license', async () => {
    await page.getByRole('button', { name: /^Return receipt/ }).setInputFiles(server.file('receipt.ret'));
    await button('Return these licenses').click();
    await heading('1 license has been returned');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('main').getByRole('link').first().click();
    await heading('Device capacity, 1,000 devices');
    await page.getByText('Ready to use', { exact: true }).waitFor();
    await page.getByText('Returned from SmartServer').waitFor();
    await page.getByText('Earlier files').click();
    await page.getByText(/made on .*, returned on/).waitFor();
  });

  step('the same license goes onto another SmartServer, whose install code is typed as on the label', async () => {
    await page.getByRole('link', { name: 'Create activation file' }).click();
    await page
      .getByLabel('Install code', { exact: true })
      .fill(`install code: ${OTHER_CODE.toLowerCase().replace('f0b7', ' f0b7 ')}`);
    await button('Check before creating').click();
    await button('Create the file now').click();
    await page.getByText('Compare the install code with the label first').waitFor();
    await page.getByLabel('I have compared').check();
    await button('Create the file now').click();
    await heading('The file is ready');
    const other = new OfflineSmartServer(OTHER_CODE, world.rootPublicKey);
    await download('other.lic');
    expect(other.cms('add', server.file('other.lic'))).toMatchObject({ installCode: OTHER_CODE, isNew: true });
    other.remove();
  });

  step('after signing out nothing is shown, not even after a reload or the way back', async () => {
    await button('Sign out').click();
    await heading('Sign in');
    await page.goBack();
    await heading('Sign in');
    await page.reload();
    await heading('Sign in');
    expect(await watched.context.cookies(`${system.url}/v1/auth/refresh`)).toEqual([]);
  });

  step('with a License ID one sees that license and no other', async () => {
    const [license, other] = world.licenses;
    await page.goto(`${system.url}/portal/licenses/${license?.licenseId}`);
    await heading('Sign in');
    await page.getByLabel('License ID or e-mail address').fill(`License ID: {${license?.licenseId.toUpperCase()}}`);
    await button('Continue').click();
    await heading('Device capacity, 1,000 devices');
    await page.goto(`${system.url}/portal/licenses/${other?.licenseId}`);
    await page.getByText('This license was not found').waitFor();
    await page.getByRole('link', { name: 'My licenses' }).click();
    await page.getByText('1 license', { exact: true }).waitFor();
  });

  step(
    'a session that was ended elsewhere leads to the sign-in page, and back to the same place after it',
    async () => {
      const second = await watched.context.newPage();
      await second.goto(`${system.url}/portal/`);
      await second.getByRole('heading', { level: 1, name: 'My licenses' }).waitFor();
      await page.getByRole('link', { name: 'Return licenses' }).click();
      await heading('Return licenses without Internet');
      await second.getByRole('button', { name: 'Sign out' }).click();
      await page.getByText('Your session has ended').waitFor();
      await second.close();
      await page.getByLabel('License ID or e-mail address').fill(world.licenses[0]?.licenseId ?? '');
      await button('Continue').click();
      await heading('Return licenses without Internet');
    },
  );
});
