/** What is sent as JSON and is none, or not the kind that anyone should take. Each holds the canary where it can. */
export type RawBody = { name: string; body: string | Buffer; contentType?: string; codes: readonly string[] };

const UNREADABLE = ['malformed_request'];
const OVERSIZED_BYTES = 300 * 1_024;

/** @param valid a body that the operation takes, as JSON of an object */
export const rawBodies = (valid: string, canary: string): RawBody[] => {
  const inside = valid.slice(1);
  const more = inside === '}' ? inside : `,${inside}`;
  return [
    { name: 'an open brace', body: '{', codes: UNREADABLE },
    { name: 'half of it', body: valid.slice(0, -1), codes: UNREADABLE },
    { name: 'no value', body: `{"${canary}":}`, codes: UNREADABLE },
    { name: 'single quotes', body: `{'a':'${canary}'}`, codes: UNREADABLE },
    { name: 'a trailing comma', body: `{"a":"${canary}",}`, codes: UNREADABLE },
    { name: 'two values', body: `${valid} "${canary}"`, codes: UNREADABLE },
    { name: 'not a number', body: '{"a":NaN}', codes: UNREADABLE },
    { name: 'a bare word', body: canary, codes: UNREADABLE },
    { name: 'nothing', body: '', codes: [...UNREADABLE, 'validation_failed'] },
    { name: 'blanks', body: '   ', codes: UNREADABLE },
    { name: 'NUL bytes', body: Buffer.alloc(20), codes: UNREADABLE },
    { name: 'UTF-16', body: Buffer.from(valid, 'utf16le'), codes: UNREADABLE },
    {
      name: 'bytes that are no UTF-8',
      body: Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')]),
      codes: [...UNREADABLE, 'validation_failed'],
    },
    { name: 'a raw line break in a text', body: `{"a":"${canary}\n"}`, codes: UNREADABLE },
    { name: '__proto__', body: `{"__proto__":{"admin":"${canary}"}${more}`, codes: UNREADABLE },
    { name: 'constructor.prototype', body: `{"constructor":{"prototype":{"a":"${canary}"}}${more}`, codes: UNREADABLE },
    { name: '__proto__ further in', body: `{"a":[{"__proto__":"${canary}"}]}`, codes: UNREADABLE },
    {
      name: 'lists in lists, 100,000 deep',
      body: `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
      codes: [...UNREADABLE, 'validation_failed'],
    },
    {
      name: 'objects in objects, 40,000 deep',
      body: `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`,
      codes: [...UNREADABLE, 'validation_failed'],
    },
    {
      name: 'too large',
      body: `{"a":"${canary.padEnd(OVERSIZED_BYTES, 'x')}"}`,
      codes: ['payload_too_large'],
    },
    ...['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonx', canary, 'a/b/c'].map(
      (contentType) => ({
        name: `content type ${contentType === canary ? 'of nonsense' : contentType}`,
        body: valid,
        contentType,
        codes: ['unsupported_media_type'],
      }),
    ),
  ];
};

/** The same keys twice: the last one counts, or the body is refused. Neither may be an error of ours. */
export const duplicateKeys = (valid: Record<string, unknown>, canary: string): string => {
  const wrong = Object.keys(valid).map((name) => `${JSON.stringify(name)}:${JSON.stringify(canary)}`);
  const right = JSON.stringify(valid).slice(1);
  return wrong.length === 0 ? '{"a":1,"a":2}' : `{${wrong.join(',')},${right}`;
};
