import type { SignedLicenseDocument } from '@smartserver/contracts';

/** Shortened: a real document has some 900 characters and more. */
export const documentExample: SignedLicenseDocument = {
  installCode: '0302E1C2A8F40011',
  serial: 3,
  issuedAt: '2026-03-02T08:30:00.000Z',
  jws: 'eyJhbGciOiJFZERTQSIsInR5cCI6InNtYXJ0c2VydmVyLWxpY2Vuc2Urand0In0.eyJmb3JtYXRWZXJzaW9uIjoxfQ.c2lnbmF0dXJl',
};
