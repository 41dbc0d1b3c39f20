import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { WebhookBench } from '../../test/webhook-bench.ts';

const MEGABYTE = 1024 * 1024;
const bench = WebhookBench.install();

/** A receiver that is no good one: does with a connection what it likes once the request is there. */
type Hostile = { url: string; bytes: () => number; stop: () => Promise<void> };

const servers: Hostile[] = [];

const hostile = async (
  behave: (socket: Socket, write: (data: string | Buffer) => boolean) => void,
): Promise<Hostile> => {
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      bytes += socket.bytesWritten;
      sockets.delete(socket);
    });
    socket.once('data', () => behave(socket, (data) => !socket.destroyed && socket.write(data)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const made = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    bytes: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, bytes),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  servers.push(made);
  return made;
};

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const TEN_GB = 10 * 1024 * MEGABYTE;
const chunk = Buffer.alloc(MEGABYTE, 'x');

/** As much as the other side takes. */
const flood = (socket: Socket, write: (data: Buffer) => boolean): void => {
  const pump = () => {
    while (write(chunk));
  };
  socket.on('drain', pump);
  pump();
};

const behaviours = {
  'accepts and says nothing': () => hostile(() => undefined),
  'sends 10 GB': () =>
    hostile((socket, write) => {
      write(`HTTP/1.1 200 OK\r\nContent-Length: ${TEN_GB}\r\n\r\n`);
      flood(socket, write);
    }),
  'sends 10 GB that were packed': () =>
    hostile((socket, write) => {
      write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${TEN_GB}\r\n\r\n`);
      flood(socket, write);
    }),
  'sends headers without end': () =>
    hostile((socket, write) => {
      write('HTTP/1.1 200 OK\r\nX-Endless: ');
      flood(socket, write);
    }),
  'drips its status': () =>
    hostile((_socket, write) => {
      const text = 'HTTP/1.1 200 OK\r\nX-Slow: 1\r\n';
      let at = 0;
      const timer = setInterval(() => {
        if (!write(text[at++ % text.length] ?? '')) clearInterval(timer);
      }, 100);
    }),
  'drips its body': () =>
    hostile((_socket, write) => {
      write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n');
      const timer = setInterval(() => {
        if (!write('x')) clearInterval(timer);
      }, 100);
    }),
  'speaks no HTTP': () =>
    hostile((_socket, write) => {
      write('220 mail.example ESMTP\r\n');
    }),
  'hangs up': () => hostile((socket) => socket.destroy()),
} as const;

const TIMEOUT_MS = 1_000;

test.each([
  ['accepts and says nothing', 'pending', 'The receiver did not answer in time.'],
  ['sends 10 GB', 'delivered', null],
  ['sends 10 GB that were packed', 'delivered', null],
  ['sends headers without end', 'pending', 'The headers of the answer are too large.'],
  ['drips its status', 'pending', 'The receiver did not answer in time.'],
  ['drips its body', 'delivered', null],
  ['speaks no HTTP', 'pending', 'The receiver does not speak HTTP.'],
  ['hangs up', 'pending', 'The receiver cut the connection.'],
] as const)('a receiver that %s costs neither time nor memory', async (name, status, failure) => {
  const receiver = await behaviours[name]();
  const { endpointId } = await bench.endpoint(receiver.url);
  await bench.send(endpointId);
  const sender = bench.sender({ timeoutMs: TIMEOUT_MS });
  const [started, memory] = [performance.now(), process.memoryUsage().rss];
  await sender.sendDue();
  const [took, grown] = [performance.now() - started, process.memoryUsage().rss - memory];
  expect(await bench.deliveries(endpointId)).toMatchObject([{ status, failure, attempts: 1 }]);
  // One attempt and what surrounds it.
  expect(took).toBeLessThan(TIMEOUT_MS + 3_000);
  // What the two sides of the connection hold at most; both are in this process.
  expect(receiver.bytes()).toBeLessThan(16 * MEGABYTE);
  expect(grown).toBeLessThan(64 * MEGABYTE);
  console.log(
    `${name}: ${Math.round(took)} ms, ${(receiver.bytes() / MEGABYTE).toFixed(1)} MB sent, ${(grown / MEGABYTE).toFixed(1)} MB more memory`,
  );
});

test('receivers that hang do not slow the others: these get theirs while those are waited for', async () => {
  const good = await bench.receiver();
  const { endpointId } = await bench.endpoint(good.url);
  const sender = bench.sender({ timeoutMs: 30_000, perEndpoint: 4, options: { pollMs: 60_000 } });
  let asked = 0;
  const signals = new EventEmitter();
  const allTaken = once(signals, 'taken');
  const hang = () =>
    hostile(() => {
      asked += 1;
      // All that 6 of them may take of the sender.
      if (asked === 24) signals.emit('taken');
    });
  const hanging: string[] = [];
  for (let n = 0; n < 6; n += 1) hanging.push((await bench.endpoint((await hang()).url)).endpointId);
  for (const id of hanging) await bench.send(id, 20);
  const allArrived = once(signals, 'arrived');
  good.answerWith((response) => {
    response.writeHead(204).end();
    if (good.received.length === 40) signals.emit('arrived');
  });
  sender.start();
  try {
    await allTaken;
    await bench.send(endpointId, 40);
    expect(asked).toBe(24);
    sender.wake();
    await allArrived;
    // Nothing of what hangs had to end before.
    expect(asked).toBe(24);
  } finally {
    await sender.stop();
  }
  const statuses = await Promise.all(hanging.map((id) => bench.deliveries(id)));
  expect(new Set(statuses.flat().map(({ status, failure }) => `${status} ${failure}`))).toEqual(
    new Set(['pending null']),
  );
}, 60_000);

test('what hangs again and again leaves at least half of the sender to the others', async () => {
  const hanging = [];
  for (let n = 0; n < 8; n += 1) {
    const { url } = await behaviours['hangs up']();
    hanging.push((await bench.endpoint(url)).endpointId);
  }
  for (const id of hanging) await bench.send(id, 5);
  // All of them have failed once.
  await bench.sender().sendDue();
  bench.api.clock.advance(6_000);
  const [working, failing] = bench.lanes();
  expect((await working?.lease(bench.due(99)))?.items).toEqual([]);
  const first = (await failing?.lease(bench.due(99, 60_000)))?.items;
  expect(new Set(first?.map(({ endpointId }) => endpointId)).size).toBe(8);
  expect(first).toHaveLength(8);
  expect(failing?.most).toBe(16);
  // An endpoint whose share is in flight gets no more.
  const busy = new Map(hanging.map((id) => [id, 1]));
  expect((await failing?.lease(bench.due(99, 0, busy)))?.items).toEqual([]);
});

test('nobody’s old backlog keeps other endpoints waiting, also where more are due than can be sent', async () => {
  const old = [];
  for (let n = 0; n < 6; n += 1) old.push((await bench.endpoint('http://127.0.0.1:9999/')).endpointId);
  for (const id of old) await bench.send(id, 10);
  bench.api.clock.advance(60_000);
  const { endpointId } = await bench.endpoint('http://127.0.0.1:9999/');
  await bench.send(endpointId);
  const [lane] = bench.lanes({ perEndpoint: 1 });
  let taken = 0;
  // Taken for no time at all, so that all of it is due each time. By chance alone it would be passed over once in 10^11.
  for (let n = 0; n < 80; n += 1) {
    const batch = await lane?.lease(bench.due(2));
    taken += batch?.items.filter((each) => each.endpointId === endpointId).length ?? 0;
  }
  expect(taken).toBeGreaterThan(0);
});
