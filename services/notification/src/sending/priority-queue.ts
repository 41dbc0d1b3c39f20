import type { EmailQueue, Lease } from '../emails/email.ts';

/**
 * Two queues as one. Sign-in codes go first, since somebody waits for them: whatever else is due, they get the next connection
 * that is free.
 */
export const priorityQueue = (signIns: EmailQueue, letters: EmailQueue): EmailQueue => {
  const queueOf = ({ kind }: Lease) => (kind === 'sign_in' ? signIns : letters);
  return {
    async lease(options) {
      const first = await signIns.lease(options);
      const limit = Math.min(options.limit - first.length, options.letters ?? options.limit);
      return limit < 1 ? first : [...first, ...(await letters.lease({ ...options, limit }))];
    },
    recordSent: (lease, at) => queueOf(lease).recordSent(lease, at),
    recordRetry: (lease, outcome) => queueOf(lease).recordRetry(lease, outcome),
    recordFailed: (lease, failure) => queueOf(lease).recordFailed(lease, failure),
  };
};
