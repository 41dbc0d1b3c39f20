import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { ProblemCode } from '@smartserver/contracts';
import { PROBLEM_CONTENT_TYPE, problem, toProblem } from './problems.ts';
import { requestIdFor } from './tracing.ts';

/** What Node's HTTP parser refuses never becomes a request: answered on the socket, which is closed. */
export const answerClientError = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const code: ProblemCode = error.code === 'HPE_HEADER_OVERFLOW' ? 'payload_too_large' : 'malformed_request';
  const found = problem(code);
  const requestId = requestIdFor(undefined);
  const body = JSON.stringify(toProblem(found, requestId));
  const head = [
    `HTTP/1.1 ${found.status} ${STATUS_CODES[found.status]}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};
