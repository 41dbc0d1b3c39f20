import { WebhookBench } from '../../test/webhook-bench.ts';

const bench = WebhookBench.install();

test('two senders at once deliver each of 60 webhooks once', async () => {
  const receiver = await bench.receiver();
  const { endpointId } = await bench.endpoint(receiver.url);
  const sent = await bench.send(endpointId, 60);
  await Promise.all([bench.sender().sendDue(), bench.sender().sendDue()]);
  const arrived = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(arrived.sort()).toEqual(sent.map(({ messageId }) => messageId).sort());
});

test('no more webhooks are on their way to one endpoint than the limit says, and to a failing one only one', async () => {
  const receiver = await bench.receiver();
  const { endpointId } = await bench.endpoint(receiver.url);
  let open = 0;
  let most = 0;
  receiver.answerWith((response) => {
    open += 1;
    most = Math.max(most, open);
    setTimeout(() => {
      open -= 1;
      response.writeHead(500).end();
    }, 20);
  });
  await bench.send(endpointId, 20);
  await bench.sender({ perEndpoint: 3 }).sendDue();
  expect(most).toBe(3);
  most = 0;
  bench.api.clock.advance(6_000);
  await bench.sender({ perEndpoint: 3 }).sendDue();
  expect([most, receiver.received.length]).toEqual([1, 40]);
});

test('stop() cuts a webhook that takes too long; it is due again and counts as no failure', async () => {
  const receiver = await bench.receiver();
  const { endpointId } = await bench.endpoint(receiver.url);
  await bench.send(endpointId);
  const arrived = new Promise<void>((resolve) => receiver.answerWith(() => resolve()));
  const running = bench.sender({ timeoutMs: 60_000, options: { pollMs: 60_000 } });
  running.start();
  running.wake();
  await arrived;
  await running.stop();
  expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'pending', failure: null }]);
  expect(await bench.statusOf(endpointId)).toBe('enabled');
  receiver.answerWith((response) => response.writeHead(204).end());
  await bench.sender().sendDue();
  expect(await bench.deliveries(endpointId)).toMatchObject([{ status: 'delivered' }]);
});
