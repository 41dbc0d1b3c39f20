import type { EventEnvelope } from '@smartserver/contracts';
import { RetryLater } from '@smartserver/service-kit';
import { sql } from 'kysely';
import { Harness } from '../test/harness.ts';
import {
  activated,
  allEmails,
  anna,
  customerA,
  customerB,
  customerChanged,
  jens,
  partnerB,
  relinked,
  transferred,
} from '../test/support.ts';
import { messageIdFor } from './emails/emails.sql.ts';

const harness = Harness.install();
const arrive = (event: EventEnvelope) => harness.arrive(event);
const emails = () => allEmails(harness.database.kysely);
const recipients = async () => (await emails()).map((email) => email.recipient).sort();

describe('one e-mail to each contact for each event', () => {
  test('a transfer writes one e-mail per contact, each in the language of the contact', async () => {
    await arrive(customerChanged());
    await arrive(transferred());
    const found = await emails();
    expect(found.map(({ recipient, language, headline }) => [recipient, language, headline])).toEqual([
      [anna.email, 'en', '1 license was transferred to P2022-0208'],
      [jens.email, 'de', '1 Lizenz wurde an P2022-0208 übertragen'],
    ]);
    expect(new Set(found.map((email) => email.outcome))).toEqual(new Set(['pending']));
  });

  test('the same event delivered five times, twice at once, writes them once', async () => {
    await arrive(customerChanged());
    const event = activated();
    await Promise.all([arrive(event), arrive(event)]);
    for (let i = 0; i < 3; i += 1) await arrive(event);
    expect(await recipients()).toEqual([anna.email, jens.email]);
  });

  test('even without the inbox, the index refuses a second e-mail for the same event, account and address', async () => {
    await arrive(customerChanged());
    const event = transferred();
    await arrive(event);
    await sql`truncate inbox`.execute(harness.database.kysely);
    await arrive(event);
    expect(await recipients()).toEqual([anna.email, jens.email]);
  });

  test('an address listed twice, in another case, gets one', async () => {
    await arrive(customerChanged({ contacts: [anna, { ...jens, email: 'ANNA@example.com' }] }));
    await arrive(transferred());
    const found = await emails();
    expect(found.map(({ recipient, language }) => [recipient, language])).toEqual([[anna.email, 'en']]);
  });

  test('a contact added later gets nothing of what was before, and the others nothing again', async () => {
    await arrive(customerChanged({ contacts: [anna] }));
    const event = transferred();
    await arrive(event);
    await arrive(customerChanged({ contacts: [anna, jens], version: 2 }));
    await arrive(event);
    expect(await recipients()).toEqual([anna.email]);
  });

  test('an account without contacts has none, and the event counts as done', async () => {
    await arrive(customerChanged({ contacts: [] }));
    const event = transferred();
    await arrive(event);
    await arrive(customerChanged({ contacts: [anna], version: 2 }));
    await arrive(event);
    expect(await recipients()).toEqual([]);
  });

  test('a takeover is notified to the contacts of both accounts, each with the name of the own account only', async () => {
    const clara = { email: 'clara@example.net', name: 'Clara', language: 'en' as const };
    await arrive(customerChanged({ contacts: [anna] }));
    await arrive(
      customerChanged({ customerId: customerB, partnerId: partnerB, name: 'Other Tower', contacts: [clara] }),
    );
    await arrive(relinked([customerA, customerB]));
    const [first, second] = await emails();
    expect([first?.recipient, second?.recipient]).toEqual([anna.email, clara.email]);
    expect(first?.body_text).toContain('P2022-0208');
    expect(first?.body_text).not.toContain('Other Tower');
    expect(second?.body_text).toContain('Other Tower');
    expect(second?.body_text).not.toContain('P2022-0208');
  });
});

describe('the event of the customer may be late', () => {
  const added = customerChanged({ contacts: [anna, jens], version: 2 });

  test.each([
    ['a transfer', transferred({ customerVersion: 2 })],
    ['an activation', activated({ customerVersion: 2 })],
    ['a takeover', relinked([customerA], { customerVersions: { [customerA]: 2 } })],
  ])(
    '%s with a newer version of the customer waits for it, and reaches the contact just added',
    async (_name, event) => {
      await arrive(customerChanged({ contacts: [anna], version: 1 }));
      await expect(arrive(event)).rejects.toThrow(RetryLater);
      expect(await recipients()).toEqual([]);
      await arrive(added);
      await arrive(event);
      expect(await recipients()).toEqual([anna.email, jens.email]);
    },
  );

  test.each([
    ['an activation', activated()],
    ['a takeover', relinked([customerA])],
  ])('%s by an older producer, without a version, goes to the contacts that are known', async (_name, event) => {
    await arrive(customerChanged({ contacts: [anna], version: 1 }));
    await arrive(event);
    expect(await recipients()).toEqual([anna.email]);
  });

  test.each([
    ['a transfer', transferred()],
    ['an activation', activated()],
    ['a takeover', relinked([customerA, customerB])],
  ])('%s of an account that is not known yet waits, and leaves nothing behind', async (_name, event) => {
    if (event.type === 'controller.relinked.1') await arrive(customerChanged());
    await expect(arrive(event)).rejects.toThrow(RetryLater);
    expect(await recipients()).toEqual([]);
  });

  test('an older version that arrives late changes nothing', async () => {
    await arrive(customerChanged({ name: 'New name', contacts: [jens], version: 3 }));
    await arrive(customerChanged({ name: 'Old name', contacts: [anna], version: 2 }));
    await arrive(customerChanged({ name: 'Same version', contacts: [anna], version: 3 }));
    await arrive(transferred());
    const found = await emails();
    expect(found.map(({ recipient, headline }) => [recipient, headline])).toEqual([
      [jens.email, '1 Lizenz wurde an New name übertragen'],
    ]);
  });
});

test('the Message-ID depends on event, account and address alone, so a repeated e-mail carries the same', async () => {
  await arrive(customerChanged({ contacts: [anna] }));
  const event = transferred();
  await arrive(event);
  const [email] = await emails();
  expect(email?.message_id).toBe(messageIdFor(event.id, customerA, 'Anna@Example.com', 'mail.example'));
  expect(email?.message_id).toMatch(/^<[0-9a-f-]{36}@mail\.example>$/);
  expect(messageIdFor(event.id, customerB, anna.email, 'mail.example')).not.toBe(email?.message_id);
});
