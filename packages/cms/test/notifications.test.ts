import type { NotificationSettings } from '@smartserver/contracts';
import { Site } from './site.ts';

const site = Site.install();
type Answer = NotificationSettings & { tested?: string[] };

test('the CMS Owner sees the settings of the account, changes what is named and nothing else, and sends a test', async () => {
  const box = await site.linkedBox();
  const before = await box.json<Answer>('notifications');
  expect(before).toMatchObject({ contacts: true, recipients: [], thresholds: [90, 60, 30, 7, 1, 0], version: 0 });

  const recipients = ['facility@building.example', 'service@building.example'];
  const change = ['--recipients', recipients.join(', '), '--thresholds', '30,7', '--renewals', 'off'];
  const after = await box.json<Answer>('notifications', ...change, '--language', 'de', '--test');
  expect(after).toMatchObject({ recipients, thresholds: [30, 7], expirations: true, renewals: false, language: 'de' });
  expect(after.tested).toEqual(recipients);
  expect(await box.json<Answer>('notifications', '--contacts', 'off')).toMatchObject({ recipients, contacts: false });
  expect(await box.json<Answer>('notifications', '--recipients', 'none')).toMatchObject({ recipients: [] });
});

test('in words it says who is notified, of what, when', async () => {
  const box = await site.linkedBox();
  await box.cms('notifications', '--recipients', 'facility@building.example', '--thresholds', '90,30');
  expect(box.out).toMatch(/Further recipients: +facility@building.example/);
  expect(box.out).toMatch(/Days before expiry: +90, 30/);
});

test('a concurrent edit is kept: this one is made on it', async () => {
  const box = await site.linkedBox();
  await box.json('notifications', '--recipients', 'none', '--expirations', 'on');
  // Between reading and writing, another SmartServer of the account has its own edit made.
  site.cloud.fail(/notification-settings/, async (answer) => {
    const read = await answer();
    const other = await site.linkedBox();
    await other.json('notifications', '--recipients', 'other@building.example');
    return read;
  });
  const settings = await box.json<Answer>('notifications', '--expirations', 'off');
  expect(settings).toMatchObject({ recipients: ['other@building.example'], expirations: false });
});

test.each([
  ['--thresholds', '30,soon'],
  ['--thresholds', '731'],
  ['--recipients', 'nobody'],
  ['--renewals', 'yes'],
  ['--language', 'fr'],
])('%s %s is refused as wrong use, before anything is sent', async (option, value) => {
  const box = site.newBox();
  expect(await box.cms('notifications', option, value)).toBe(2);
  expect(box.err).toContain(option);
  expect(site.cloud.requests).toEqual([]);
});

test('the settings are options of this command alone', async () => {
  expect(await site.newBox().cms('coverage', '--thresholds', '30')).toBe(2);
});
