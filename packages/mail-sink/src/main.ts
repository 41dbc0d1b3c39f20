import { startMailSink } from './mail-sink.ts';

/** A mail server that keeps what it gets and sends nothing on, for a trial of docker-compose.yml. */
const sink = await startMailSink({ host: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 1025) });
console.log(`Taking e-mails in on port ${sink.port}; none is sent on.`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void sink.stop().then(() => process.exit(0)));
