import { createSecrets } from './secrets.ts';

const secrets = createSecrets(Buffer.alloc(32, 1));

describe('sealed values', () => {
  test('open for their owner only, and not when a single bit was changed', () => {
    const sealed = secrets.seal(Buffer.from('secret'), 'owner');
    expect(secrets.open(sealed, 'owner').toString()).toBe('secret');
    expect(() => secrets.open(sealed, 'another')).toThrow();
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => secrets.open(changed, 'owner')).toThrow();
    }
    expect(() => createSecrets(Buffer.alloc(32, 2)).open(sealed, 'owner')).toThrow();
  });

  test('differ each time, so that equal secrets cannot be recognised', () => {
    const seal = () => secrets.seal(Buffer.from('secret'), 'owner').toString('hex');
    expect(seal()).not.toBe(seal());
  });
});

test('derived secrets differ by purpose, by thing and by key', () => {
  const other = createSecrets(Buffer.alloc(32, 2));
  const derived = [
    secrets.derive('a', 'id', 1),
    secrets.derive('b', 'id', 1),
    secrets.derive('a', 'id', 2),
    secrets.derive('a', 'other', 1),
    other.derive('a', 'id', 1),
  ];
  expect(new Set(derived).size).toBe(derived.length);
  expect(secrets.derive('a', 'id', 1)).toBe(derived[0]);
});
