import { QueryClient } from '@tanstack/react-query';
import { worthRepeating } from '../api/problems.ts';

const REPEATS = 2;
const pauseMs = (attempt: number): number => 500 * 2 ** attempt;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) => failures < REPEATS && worthRepeating(error),
      retryDelay: pauseMs,
      staleTime: 10_000,
    },
    mutations: {
      // Each carries the same Idempotency-Key in all its tries. An answer at once is better than one that comes by itself
      // when the connection is back and nobody looks any more.
      networkMode: 'always',
      retry: (failures, error) => failures < REPEATS && worthRepeating(error),
      retryDelay: pauseMs,
    },
  },
});
