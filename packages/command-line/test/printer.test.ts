import { PassThrough, Writable } from 'node:stream';
import { printerTo } from '../src/index.ts';

test('a text is printed with a line end', () => {
  const stream = new PassThrough();
  printerTo(stream)('one');
  expect(String(stream.read())).toBe('one\n');
});

test('a reader that has read enough is no error; anything else is', async () => {
  const closed = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(closed) });
  const ended = new Promise((resolve) => stream.once('close', resolve));
  printerTo(stream)('two');
  await ended;
  expect(stream.errored).toBe(closed);
  expect(() => stream.emit('error', new Error('disk full'))).toThrow('disk full');
});
