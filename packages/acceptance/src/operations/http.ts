import { randomBytes } from 'node:crypto';
import { Agent, request as open } from 'node:http';
import { connect } from 'node:net';

/** One request, exactly as it goes over the wire. */
export type Sent = {
  method: string;
  /** Path and query, encoded. */
  path: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
};

export type Answer = { status: number; headers: Record<string, string | string[]>; text: string };

export type Send = (sent: Sent) => Promise<Answer>;

const TIMEOUT_MS = 20_000;

/** Of the documentation's own range (RFC 3849). */
const newAddress = (): string =>
  `2001:db8:${randomBytes(4)
    .toString('hex')
    .replace(/^(.{4})/, '$1:')}::1`;

/** Sends requests that a decent client would refuse to send. Connections are kept; nothing is repeated. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 16 });
  private readonly baseUrl: URL;

  constructor(baseUrl: string) {
    this.baseUrl = new URL(baseUrl);
  }

  readonly send: Send = ({ method, path, headers = {}, body }) =>
    new Promise((resolve, reject) => {
      const { hostname, port } = this.baseUrl;
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const request = open(
        {
          hostname,
          port,
          method,
          path,
          agent: this.agent,
          timeout: TIMEOUT_MS,
          headers: { 'x-forwarded-for': newAddress(), ...length, ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers as Record<string, string | string[]>,
              text: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      request.on('timeout', () => request.destroy(new Error(`${method} ${path.slice(0, 100)}: no answer`)));
      // An answer may come before the body was sent whole; then this is nothing but the end of that connection.
      request.on('error', reject);
      request.end(body);
    });

  /** Bytes that Node's own client does not let through, e.g. control characters in a header. */
  sendBytes(text: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(this.baseUrl.port), this.baseUrl.hostname, () => socket.write(text, 'latin1'));
      let received = '';
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer')));
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        received += chunk;
      });
      socket.on('error', reject);
      socket.on('close', () => resolve(parseAnswer(received)));
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const parseAnswer = (received: string): Answer => {
  const end = received.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = received.slice(0, end).split('\r\n');
  const headers = lines.map((line) => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 2),
  ]);
  return {
    status: Number(statusLine.split(' ')[1] ?? 0),
    headers: Object.fromEntries(headers) as Record<string, string>,
    text: received.slice(end + 4),
  };
};

/** Values of the parameters of an operation, and its body. */
export type Parts = {
  path?: Record<string, string>;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: unknown;
};

/** The request to an operation. A body that is a string is sent as it is, other values as the media type wants them. */
export const requestOf = (
  operation: { method: string; path: string; body: { mediaType: string } | null },
  parts: Parts,
  token: string | null,
): Sent => {
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(parts.path?.[name] ?? ''),
  );
  const query = new URLSearchParams(parts.query).toString();
  const headers: Record<string, string> = { ...parts.headers };
  if (token !== null) headers.authorization = `Bearer ${token}`;
  const sent: Sent = { method: operation.method, path: query === '' ? path : `${path}?${query}`, headers };
  if (parts.body === undefined) return sent;
  const mediaType = operation.body?.mediaType ?? 'application/json';
  headers['content-type'] = mediaType;
  return { ...sent, body: encodeBody(mediaType, parts.body) };
};

const encodeBody = (mediaType: string, body: unknown): string => {
  if (typeof body === 'string') return body;
  if (mediaType === 'application/x-www-form-urlencoded') {
    return new URLSearchParams(body as Record<string, string>).toString();
  }
  return JSON.stringify(body);
};
