import type { Release } from '@smartserver/contracts';

export const releaseExample: Release = {
  releaseId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d21',
  version: '4.4',
  releaseClass: 'minor',
  releasedAt: '2026-06-01T00:00:00.000Z',
  revision: 1,
};
