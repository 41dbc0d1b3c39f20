import { randomBytes } from 'node:crypto';
import type { DocumentedOperation } from './document.ts';
import type { Sent } from './http.ts';

/** A request that addresses no operation. */
export type ProtocolAttempt = { name: string; canary: string; codes: readonly string[] };

const newCanary = (): string => `canary${randomBytes(8).toString('hex')}`;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const SAMPLE_ID = '2133c667-af41-4518-94df-a2bb3b775330';

/** Every method that an address of the document does not have. */
export const methodAttempts = (operations: readonly DocumentedOperation[]): (ProtocolAttempt & { sent: Sent })[] =>
  [...new Set(operations.map(({ path }) => path))].flatMap((path) => {
    const taken = operations.filter((operation) => operation.path === path).map(({ method }) => method);
    const others = METHODS.filter((method) => !taken.includes(method) && !(method === 'HEAD' && taken.includes('GET')));
    const canary = newCanary();
    return others.map((method) => ({
      name: `${method} ${path}`,
      canary,
      codes: ['method_not_allowed'],
      sent: {
        method,
        path: path.replaceAll(/\{[^}]+\}/g, SAMPLE_ID),
        headers: { 'content-type': 'application/json' },
        ...(method === 'HEAD' ? {} : { body: `{"a":"${canary}"}` }),
      },
    }));
  });

/** Addresses that nothing answers at. */
export const addressAttempts = (): (ProtocolAttempt & { sent: Sent })[] => {
  const canary = newCanary();
  return [
    `/${canary}`,
    `/v1/${canary}`,
    `/V1/licenses/${canary}`,
    `/v1/licenses/${SAMPLE_ID}/${canary}`,
    `/v1/licenses/../${canary}`,
    `/v1/licenses;a=${canary}`,
    `//${canary}.example/v1/me`,
    `/%2e%2e/%2e%2e/etc/passwd?${canary}`,
    `/%`,
    `/%00${canary}`,
    `/v1/%ff%fe${canary}`,
    `/metrics?${canary}`,
    `/v1/${canary.padEnd(8_000, 'x')}`,
    `/.git/config?${canary}`,
    `/*?${canary}`,
  ].map((path) => ({
    name: `GET ${path.slice(0, 60)}`,
    canary,
    codes: ['not_found', 'malformed_request'],
    sent: { method: 'GET', path },
  }));
};

/** What Node's own client does not send. */
export const byteAttempts = (): (ProtocolAttempt & { bytes: string })[] => {
  const canary = newCanary();
  const head =
    'POST /v1/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n';
  const body = `{"email":"${canary}@example.com","password":"${canary}"}`;
  const length = `Content-Length: ${body.length}\r\n`;
  const unreadable = ['malformed_request'];
  return [
    { name: 'no HTTP', bytes: `${canary}\r\n\r\n` },
    { name: 'an unknown method', bytes: `${canary.toUpperCase()} / HTTP/1.1\r\nHost: localhost\r\n\r\n` },
    { name: 'HTTP/9', bytes: `GET / HTTP/9.9\r\nHost: ${canary}\r\n\r\n` },
    { name: 'a control character in a header', bytes: `${head}Idempotency-Key: ${canary}\x01\r\n${length}\r\n${body}` },
    { name: 'NUL in a header', bytes: `${head}Idempotency-Key: ${canary}\0\r\n${length}\r\n${body}` },
    { name: 'a blank in the name of a header', bytes: `${head}X ${canary}: 1\r\n${length}\r\n${body}` },
    { name: 'a header without a colon', bytes: `${head}${canary}\r\n${length}\r\n${body}` },
    { name: 'two lengths', bytes: `${head}${length}Content-Length: 3\r\n\r\n${body}` },
    { name: 'a length and chunks', bytes: `${head}${length}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${body}` },
    { name: 'a negative length', bytes: `${head}Content-Length: -1\r\n\r\n${body}` },
    { name: 'a length that is none', bytes: `${head}Content-Length: ${canary}\r\n\r\n${body}` },
    { name: 'chunks of nonsense', bytes: `${head}Transfer-Encoding: chunked\r\n\r\n${canary}\r\n${body}` },
    { name: 'an unknown transfer coding', bytes: `${head}Transfer-Encoding: ${canary}\r\n\r\n${body}` },
    { name: 'a control character in the address', bytes: `GET /v1/\x01${canary} HTTP/1.1\r\nHost: localhost\r\n\r\n` },
    {
      name: 'headers without end',
      bytes: `${head}X-Long: ${canary.padEnd(20_000, 'x')}\r\n\r\n`,
      codes: ['payload_too_large'],
    },
    {
      name: 'an address without end',
      bytes: `GET /${canary.padEnd(20_000, 'x')} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      codes: ['payload_too_large'],
    },
  ].map((attempt) => ({ canary, codes: unreadable, ...attempt }));
};
