import type { NotificationSettings, PutNotificationSettingsRequest } from '@smartserver/contracts';
import type { Cloud } from '../../cloud/cloud.ts';
import { CmsProblem } from '../../problem.ts';
import { type Command, cloudOf, linkedSettingsOf, signIn } from '../command.ts';
import { facts, instantText, printable, table } from '../text.ts';

type Change = Partial<PutNotificationSettingsRequest>;

/** Shows who is notified of the account's maintenance, and changes it; with --test sends all of them an e-mail. */
export const notifications: Command<Change & { test: boolean }> = async (invocation) => {
  const { test } = invocation.options;
  const change = changeOf(invocation.options);
  const cloud = await cloudOf(invocation, await linkedSettingsOf(invocation));
  const { customerName } = await signIn(cloud, invocation.terminal);
  const settings = Object.keys(change).length > 0 ? await edit(cloud, change) : await cloud.notificationSettings();
  const tested = test ? (await cloud.testNotifications()).recipients : null;
  return {
    json: { ...settings, ...(tested === null ? {} : { tested }) },
    text: [inWords(settings, customerName), ...(tested === null ? [] : ['', testedText(tested)])].join('\n'),
  };
};

/** What the options name, and nothing else. */
const changeOf = ({ contacts, recipients, thresholds, expirations, renewals, language }: Change): Change => {
  const given = Object.entries({ contacts, recipients, thresholds, expirations, renewals, language });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
};

/** A concurrent edit, as from a portal, is a conflict: then once more, on the settings as they are now. */
const edit = async (cloud: Cloud, change: Change): Promise<NotificationSettings> => {
  try {
    return await put(cloud, change);
  } catch (error) {
    if (!(error instanceof CmsProblem) || error.code !== 'precondition_failed') throw error;
    return put(cloud, change);
  }
};

const put = async (cloud: Cloud, change: Change): Promise<NotificationSettings> => {
  const { customerId: _, silenced: __, version, ...current } = await cloud.notificationSettings();
  return cloud.putNotificationSettings({ ...current, ...change }, version);
};

const onOff = (on: boolean): string => (on ? 'on' : 'off');
const list = (items: readonly (string | number)[]): string =>
  items.length === 0 ? 'none' : printable(items.join(', '));

const inWords = (settings: NotificationSettings, customerName: string): string => {
  const { contacts, recipients, thresholds, expirations, renewals, language, silenced } = settings;
  const rows = silenced.map(({ email, reason, since }) => [printable(email), reason, instantText(since)]);
  return [
    facts([
      ['Customer/project', printable(customerName)],
      ['Contacts notified', onOff(contacts)],
      ['Further recipients', list(recipients)],
      ['Their language', language],
      ['Expirations', onOff(expirations)],
      ['Days before expiry', list(thresholds)],
      ['Renewals', onOff(renewals)],
    ]),
    ...(rows.length === 0 ? [] : ['', table(['Not notified', 'Why', 'Since'], rows)]),
  ].join('\n');
};

const testedText = (recipients: readonly string[]): string =>
  recipients.length === 0
    ? 'There are no recipients to send a test e-mail to.'
    : `A test e-mail goes to ${printable(recipients.join(', '))}.`;
