import autocannon from 'autocannon';

export type Shot = { method: 'GET' | 'POST'; path: string; headers?: Record<string, string>; body?: string };

export type Burst = { perSecond: number; p50: number; p99: number };

/**
 * Keeps `connections` requests under way for a while. A refused request would make any server look fast: one is enough to fail.
 *
 * @param next the request to send next; called once for each
 * @returns answers per second, and latency in milliseconds
 */
export async function fire(url: string, connections: number, seconds: number, next: () => Shot): Promise<Burst> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [{ setupRequest: (request) => ({ ...request, ...next() }) }],
  });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were not 2xx, ${result.errors} requests failed.`);
  }
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}
