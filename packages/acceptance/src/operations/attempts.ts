import { randomBytes } from 'node:crypto';
import { bodyFaults } from './body-faults.ts';
import type { DocumentedOperation } from './document.ts';
import { formFaults } from './form-faults.ts';
import { type Parts, requestOf, type Sent } from './http.ts';
import { headerFaults, pathFaults, queryFaults } from './parameter-faults.ts';
import { duplicateKeys, rawBodies } from './raw-bodies.ts';

/** One request with something wrong, and what must come of it. */
export type Attempt = {
  name: string;
  sent: Sent;
  /** Stands in what is wrong, and must not stand in the answer. */
  canary: string;
  /** Codes that refuse it; null where the contract does not refuse it: then any answer will do but an error of ours. */
  codes: readonly string[] | null;
  /** Place that a `validation_failed` must name. */
  pointer?: string;
};

const newCanary = (): string => `canary${randomBytes(8).toString('hex')}`;

/** Every request with one thing wrong. @param valid a request that the operation takes */
export const attemptsOf = (operation: DocumentedOperation, valid: Parts, token: string | null): Attempt[] => {
  const base = requestOf(operation, valid, token);
  return [
    ...bodyAttempts(operation, valid, base),
    ...parameterAttempts(operation, base),
    ...headerAttempts(operation, base),
    ...(operation.scopes === null ? [] : credentialAttempts(base, token ?? '')),
  ];
};

const bodyAttempts = ({ body }: DocumentedOperation, valid: Parts, base: Sent): Attempt[] => {
  const canary = newCanary();
  const send = (text: string | Buffer, contentType: string): Sent => ({
    ...base,
    body: text,
    headers: { ...base.headers, 'content-type': contentType },
  });
  const raw = rawBodies(
    typeof base.body === 'string' && body?.mediaType === 'application/json' ? base.body : '{}',
    canary,
  );
  if (body === null) {
    return raw.map((each) => ({
      name: `a body that nobody asked for: ${each.name}`,
      sent: send(each.body, each.contentType ?? 'application/json'),
      canary,
      codes: null,
    }));
  }
  const isForm = body.mediaType !== 'application/json';
  const faults = isForm
    ? formFaults(body.schema, valid.body as Record<string, string>, canary)
    : bodyFaults(body.schema, valid.body, canary);
  const unreadable = raw.map(({ name, body: bytes, contentType, codes }) => ({
    name,
    sent: send(bytes, contentType ?? 'application/json'),
    canary,
    codes: isForm ? ['unsupported_media_type', 'payload_too_large', 'malformed_request'] : codes,
  }));
  return [
    ...faults.map(({ name, pointer, text, refused }) => ({
      name,
      sent: send(text, body.mediaType),
      canary,
      codes: refused ? ['validation_failed'] : null,
      pointer,
    })),
    ...unreadable,
    {
      name: 'the same keys twice',
      sent: send(duplicateKeys(valid.body as Record<string, unknown>, canary), body.mediaType),
      canary,
      codes: null,
    },
    {
      name: 'no content type',
      sent: { ...base, headers: without(base, 'content-type') },
      canary,
      codes: ['unsupported_media_type'],
    },
    {
      name: 'no body',
      sent: { ...base, body: '', headers: without(base, 'content-type') },
      canary,
      codes: ['validation_failed'],
    },
  ];
};

const without = ({ headers = {} }: Sent, name: string): NonNullable<Sent['headers']> =>
  Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name));

const parameterAttempts = (operation: DocumentedOperation, base: Sent): Attempt[] => {
  const canary = newCanary();
  const [path = '', query = ''] = base.path.split('?');
  const at = (changed: string) => {
    const [name] = changed.split('=');
    const others = query.split('&').filter((part) => part !== '' && part.split('=')[0] !== name);
    return { ...base, path: `${path}?${[...others, changed].join('&')}` };
  };
  const inPath = operation.parameters
    .filter((parameter) => parameter.in === 'path')
    .flatMap((parameter) =>
      pathFaults(parameter, canary).map(({ name, encoded, refused }) => ({
        name: `${name} as ${parameter.name}`,
        sent: { ...base, path: replaced(operation.path, path, parameter.name, encoded) },
        canary,
        codes: refused ? ['validation_failed', 'malformed_request', 'not_found', 'invitation_not_found'] : null,
        pointer: `path/${parameter.name}`,
      })),
    );
  const inQuery = operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap((parameter) => [
      ...queryFaults(parameter, canary).map(({ name, encoded, refused }) => ({
        name: `${name} as ${parameter.name}`,
        sent: at(`${parameter.name}=${encoded}`),
        canary,
        codes: refused ? ['validation_failed', 'malformed_request'] : null,
        pointer: `query/${parameter.name}`,
      })),
      {
        name: `${parameter.name} twice`,
        sent: at(`${parameter.name}=${canary}&${parameter.name}=${canary}`),
        canary,
        codes: ['validation_failed'],
        pointer: `query/${parameter.name}`,
      },
    ]);
  const unknown = ['unexpected', 'limit[]', '__proto__', 'constructor'].map((name) => ({
    name: `the unknown query parameter ${name}`,
    sent: at(`${encodeURIComponent(name)}=${canary}`),
    canary,
    codes: ['validation_failed'],
    pointer: `query/${name}`,
  }));
  return [...inPath, ...inQuery, ...unknown];
};

/** The path with another value in the place of one parameter. */
const replaced = (template: string, path: string, name: string, encoded: string): string => {
  const parts = path.split('/');
  const index = template.split('/').indexOf(`{${name}}`);
  return parts.map((part, at) => (at === index ? encoded : part)).join('/');
};

const headerAttempts = (operation: DocumentedOperation, base: Sent): Attempt[] => {
  const canary = newCanary();
  const documented = operation.parameters
    .filter((parameter) => parameter.in === 'header')
    .flatMap((parameter) =>
      headerFaults(parameter, canary).map(({ name, value, refused }) => ({
        name: `${name} as ${parameter.name}`,
        sent: { ...base, headers: { ...base.headers, [parameter.name.toLowerCase()]: value } },
        canary,
        codes: refused ? ['validation_failed'] : null,
        pointer: `header/${parameter.name}`,
      })),
    );
  const everywhere = {
    'x-request-id': `${canary} ${canary}`,
    traceparent: `00-${canary}-01`,
    cookie: `refresh=${canary}; ${canary}`,
    accept: `${canary}/*;q=x`,
    'x-forwarded-for': `${canary}, 127.0.0.1`,
    'x-forwarded-proto': canary,
    origin: `https://${canary}.example`,
    'accept-encoding': canary,
    range: `bytes=${canary}`,
    expect: canary,
  };
  return [
    ...documented,
    ...Object.entries(everywhere).map(([header, value]) => ({
      name: `nonsense as ${header}`,
      sent: { ...base, headers: { ...base.headers, [header]: value } },
      canary,
      codes: null,
    })),
  ];
};

const credentialAttempts = (base: Sent, token: string): Attempt[] => {
  const canary = newCanary();
  const [head = '', claims = '', signature = ''] = token.split('.');
  const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
  return [
    '',
    'Bearer',
    'Bearer ',
    canary,
    `Bearer ${canary}`,
    `Basic ${Buffer.from(`${canary}:${canary}`).toString('base64')}`,
    `Bearer ${canary}.${canary}.${canary}`,
    `Bearer ${token} ${canary}`,
    `Bearer ${token},Bearer ${token}`,
    `Bearer ${token}x`,
    `Bearer ${head}.${claims}`,
    `Bearer ${head}.${claims}.`,
    `Bearer ${unsigned}.${claims}.`,
    `Bearer ${unsigned}.${claims}.${signature}`,
    `Bearer ${head}.${claims}.${signature.split('').reverse().join('')}`,
    `Bearer ${canary.padEnd(12_000, 'x')}`,
  ].map((authorization, index) => ({
    name: `bad credentials, number ${index}`,
    sent: { ...base, headers: { ...base.headers, authorization } },
    canary,
    codes: ['unauthenticated'],
  }));
};
