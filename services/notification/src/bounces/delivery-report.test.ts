import { readDeliveryReport } from './delivery-report.ts';

const report = (change: { action?: string; status?: string; original?: string; parts?: string } = {}) => {
  const { action = 'failed', status = '5.1.1', original = 'Message-ID: <one@mail.example>' } = change;
  return Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.com',
      'To: bounces@mail.example',
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="B1"',
      '',
      '--B1',
      'Content-Type: text/plain',
      '',
      'I am sorry. <other@mail.example>',
      '',
      '--B1',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Final-Recipient: rfc822; anna@example.com',
      `Action: ${action}`,
      `Status: ${status}`,
      'Diagnostic-Code: smtp; 550 5.1.1 <anna@example.com>: Recipient address',
      '    rejected: User unknown',
      '',
      '--B1',
      'Content-Type: text/rfc822-headers',
      '',
      original,
      'To: Anna Example <anna@example.com>',
      '',
      '--B1--',
      '',
    ].join('\r\n'),
  );
};

test('a report names the e-mail that it is about, and why, on one line', async () => {
  expect(await readDeliveryReport(report())).toEqual({
    messageId: '<one@mail.example>',
    addressIsDead: true,
    reason: '5.1.1 550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown',
  });
});

test.each([
  ['5.1.1', true],
  ['5.1.2', true],
  ['5.2.1', true],
  ['5.2.2', false],
  ['5.7.1', false],
])('status %s: the address itself is dead: %s', async (status, addressIsDead) => {
  expect(await readDeliveryReport(report({ status }))).toMatchObject({ addressIsDead });
});

test('a delay, a temporary failure, a delivery, and a report without the e-mail are no permanent failures', async () => {
  for (const change of [
    { action: 'delayed', status: '4.4.1' },
    { action: 'failed', status: '4.2.2' },
    { action: 'delivered', status: '2.0.0' },
    { original: 'Subject: nothing' },
  ]) {
    expect(await readDeliveryReport(report(change))).toBeNull();
  }
});

test('whatever else is sent there is no report', async () => {
  for (const text of ['', 'Subject: Away\r\n\r\nI am on holiday. <one@mail.example>', '\0\0\0', 'x'.repeat(100_000)]) {
    expect(await readDeliveryReport(Buffer.from(text))).toBeNull();
  }
});
