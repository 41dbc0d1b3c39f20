// Loaded before the command line: at the step of file work that FAIL_AT names, the process is killed, as by a power cut (a write
// is cut in its middle), or the file system refuses with the error that FAIL_WITH names. Steps are counted from 1.
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const failAt = Number(process.env.FAIL_AT);
const failWith = process.env.FAIL_WITH ?? '';
let step = 0;

const kill = async () => {
  process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
};

const patch = (target, name, half) => {
  const original = target[name];
  target[name] = async function patched(...args) {
    step += 1;
    if (step === failAt && failWith !== '') {
      const path = typeof args[0] === 'string' && this === undefined ? args[0] : undefined;
      throw Object.assign(new Error(failWith), { code: failWith, syscall: name, ...(path ? { path } : {}) });
    }
    if (step === failAt) {
      await half?.(original, this, args);
      await kill();
    }
    return original.apply(this, args);
  };
};

const handle = await fs.open(process.execPath);
const prototype = Object.getPrototypeOf(handle);
await handle.close();
patch(prototype, 'writeFile', (original, file, [text]) => original.call(file, text.slice(0, text.length / 2)));
patch(prototype, 'sync');
for (const name of ['mkdir', 'rename', 'rm']) {
  const original = fs[name];
  const holder = { [name]: original };
  patch(holder, name);
  const patched = holder[name];
  fs[name] = (...args) => patched.apply(undefined, args);
}
const open = fs.open;
const opener = { open };
patch(opener, 'open');
// Reading changes nothing: only files that are opened to be written are steps.
fs.open = (path, flags, ...more) =>
  typeof flags === 'string' && flags.startsWith('w')
    ? opener.open.call(undefined, path, flags, ...more)
    : open(path, flags, ...more);
syncBuiltinESMExports();
