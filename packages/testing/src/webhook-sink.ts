import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type SunkWebhook = { path: string; headers: IncomingHttpHeaders; body: string };

export type WebhookSink = {
  port: number;
  url: string;
  /** In the order in which they arrived. */
  received: SunkWebhook[];
  /** Answers from now on like this; 204 by default. */
  answerWith(answer: (response: ServerResponse, webhook: SunkWebhook) => void): void;
  stop(): Promise<void>;
};

/** A receiver that keeps what it receives. @param options.port to come back where it was before; any free one by default */
export const startWebhookSink = async (options: { port?: number } = {}): Promise<WebhookSink> => {
  const received: SunkWebhook[] = [];
  let answer = (response: ServerResponse, _webhook: SunkWebhook): void => {
    response.writeHead(204).end();
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const webhook = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString() };
      received.push(webhook);
      answer(response, webhook);
    });
    // A sender that breaks off is a test's business, not the sink's.
    request.on('error', () => undefined);
    response.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hooks`,
    received,
    answerWith: (other) => {
      answer = other;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
