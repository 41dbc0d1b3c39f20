import { maxDocumentLength, verifyDocument } from '../src/index.ts';
import { genuineHeader, outcome, partsOf, rawJws, rootPublicKey, sample, signer, signingKey } from './support.ts';

const genuine = signer.sign(sample);
const [header, payload, signature] = partsOf(genuine);
const verdict = (jws: unknown) => outcome(() => verifyDocument(jws as string, { rootPublicKey }));

describe('only strict compact serialisation is read', () => {
  test.each([
    ['padding after the header', `${header}=.${payload}.${signature}`],
    ['padding after the signature', `${genuine}==`],
    ['a line break at the end', `${genuine}\n`],
    ['a space within', `${header}.${payload.slice(0, 40)} ${payload.slice(40)}.${signature}`],
    ['the alphabet of plain base64', `${header}.${payload}.+${signature.slice(1)}`],
    ['a character beyond ASCII', `${header}.${payload}.${signature.slice(0, -1)}ａ`],
    ['a fourth part', `${genuine}.${signature}`],
    ['two parts', `${header}.${payload}`],
    ['an empty header', `.${payload}.${signature}`],
    ['an empty payload with a foreign signature', `${header}.${payload}.`],
    ['JSON serialisation', JSON.stringify({ protected: header, payload, signature })],
    ['nothing', ''],
  ])('%s is refused', (_name, jws) => {
    expect(verdict(jws)).toBe('malformed');
  });

  test('spare bits at the end of the signature must be zero', () => {
    // 64 bytes are 86 characters, the last of which carries four bits that mean nothing.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    for (let spare = 1; spare < 16; spare += 1) {
      const sameBytes = signature.slice(0, -1) + alphabet.charAt(last + spare);
      expect(Buffer.from(sameBytes, 'base64url')).toEqual(Buffer.from(signature, 'base64url'));
      expect(verdict(`${header}.${payload}.${sameBytes}`)).toBe('malformed');
    }
  });

  test('no beginning of a document is a document', () => {
    for (let length = 0; length < genuine.length; length += 1) {
      expect(verdict(genuine.slice(0, length))).not.toBe('accepted');
    }
  });

  test.each([[undefined], [null], [7], [{}], [Buffer.from(genuine)], [[genuine]]])('%p is refused', (value) => {
    expect(verdict(value)).toBe('malformed');
  });
});

describe('work is bounded', () => {
  test('a document over 1 MiB is refused before it is decoded', () => {
    expect(verdict(`${header}.${'A'.repeat(maxDocumentLength)}.${signature}`)).toBe('malformed');
  });

  test('an oversized header is refused before it is read, an oversized certificate likewise', () => {
    const withCertificateOf = (length: number) =>
      verdict(rawJws({ ...genuineHeader, cert: 'A'.repeat(length) }, sample, signingKey));
    expect(withCertificateOf(9000)).toBe('malformed');
    expect(withCertificateOf(5000)).toBe('certificate_invalid');
  });

  test('deep nesting ends in a refusal, not in a crash', () => {
    const deep = `${'['.repeat(3000)}${']'.repeat(3000)}`;
    expect(verdict(rawJws(deep, sample, signingKey))).toBe('malformed');
    const deeper = `${'['.repeat(300_000)}${']'.repeat(300_000)}`;
    expect(verdict(rawJws(genuineHeader, deeper, signingKey))).toBe('malformed');
  });
});

describe('the questions a controller asks', () => {
  const ask = (question: object) => outcome(() => verifyDocument(genuine, { rootPublicKey, ...question }));

  test('is it for me', () => {
    expect(ask({ installCode: sample.installCode })).toBe('accepted');
    expect(ask({ installCode: 'SSIOT-0002-7F3A' })).toBe('wrong_controller');
    expect(ask({ installCode: '' })).toBe('wrong_controller');
  });

  test('is it as new as the one in use', () => {
    expect(ask({ minimumSerial: 6 })).toBe('accepted');
    expect(ask({ minimumSerial: 7 })).toBe('accepted');
    expect(ask({ minimumSerial: 8 })).toBe('superseded');
  });

  test('what a refusal says is fit for a person and does not repeat the input', () => {
    const altered = rawJws(genuineHeader, { ...sample, issuer: 'secret\u0007' }, signingKey);
    expect(() => verifyDocument(altered, { rootPublicKey })).toThrow(
      'This is not a license document. In the license document, "issuer" must be text of 1 to 200 characters.',
    );
  });
});
