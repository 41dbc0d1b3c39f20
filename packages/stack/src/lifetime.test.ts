import { setTimeout as pause } from 'node:timers/promises';
import { Lifetime } from './lifetime.ts';

test('a SIGTERM after the first Ctrl-C leaves what is stopping its time; a second Ctrl-C ends at once', async () => {
  const exit = jest.spyOn(process, 'exit').mockImplementation((() => undefined) as never);
  const log = jest.spyOn(console, 'log').mockImplementation();
  const before = (['SIGINT', 'SIGTERM'] as const).map((signal) => [signal, process.listeners(signal)] as const);
  try {
    const lifetime = new Lifetime();
    let stopped = () => {};
    lifetime.add('database', () => new Promise((resolve) => (stopped = resolve)));
    lifetime.onSignals();
    process.emit('SIGINT');
    process.emit('SIGTERM');
    expect(exit).not.toHaveBeenCalled();
    process.emit('SIGINT');
    expect(exit).toHaveBeenCalledWith(1);
    stopped();
    await pause(10);
    expect(exit).toHaveBeenLastCalledWith(0);
  } finally {
    for (const [signal, listeners] of before) {
      for (const listener of process.listeners(signal))
        if (!listeners.includes(listener)) process.off(signal, listener);
    }
    exit.mockRestore();
    log.mockRestore();
  }
});
