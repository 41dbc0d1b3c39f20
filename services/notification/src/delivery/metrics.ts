import { sharedRegistry } from '@smartserver/service-kit';
import { Counter, Gauge, Histogram } from 'prom-client';

const registers = [sharedRegistry];

export const attemptsMade = new Counter({
  name: 'delivery_attempts_total',
  help: 'Attempts to send something to the outside, by verdict: done, retry, failed, cut',
  labelNames: ['lane', 'outcome'] as const,
  registers,
});

export const attemptsInFlight = new Gauge({
  name: 'deliveries_in_flight',
  help: 'Attempts that are being made or recorded now',
  labelNames: ['lane'] as const,
  registers,
});

export const attemptDuration = new Histogram({
  name: 'delivery_attempt_duration_seconds',
  help: 'Time of one attempt, without recording it',
  labelNames: ['lane'] as const,
  buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60],
  registers,
});
