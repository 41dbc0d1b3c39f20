import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { messagingRegistry } from '../messaging/metrics.ts';

export type Metrics = {
  /** For the service's own numbers. */
  registry: Registry;
  /** Counts one answer. */
  observe(operation: string, status: number, seconds: number): void;
  /** Prometheus text. */
  render(): Promise<string>;
  contentType: string;
};

let processRegistry: Registry | null = null;

/** Metrics of the process: collected once, however many services share it. */
const processMetrics = (): Registry => {
  if (processRegistry === null) {
    processRegistry = new Registry();
    collectDefaultMetrics({ register: processRegistry });
  }
  return processRegistry;
};

export const createMetrics = (service: string): Metrics => {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  new Gauge({ name: 'service_up', help: 'Always 1 while the service runs', registers: [registry] }).set(1);
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['operation', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  // prom-client hashes the labels on every call: series are looked up once.
  const series = new Map<string, Map<number, Histogram.Internal<'operation' | 'status'>>>();
  return {
    registry,
    observe(operation, status, seconds) {
      let byStatus = series.get(operation);
      if (byStatus === undefined) {
        byStatus = new Map();
        series.set(operation, byStatus);
      }
      let one = byStatus.get(status);
      if (one === undefined) {
        one = duration.labels(operation, String(status));
        byStatus.set(status, one);
      }
      one.observe(seconds);
    },
    render: async () => {
      const parts = [registry, messagingRegistry, processMetrics()].map((part) => part.metrics());
      return (await Promise.all(parts)).join('\n');
    },
    contentType: registry.contentType,
  };
};
