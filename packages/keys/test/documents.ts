import { DocumentError, generateKey, type LicenseDocument } from '@smartserver/license-document';

export const strangerKey = generateKey();

export const sample: LicenseDocument = {
  formatVersion: 1,
  issuer: 'SmartServer License Management – test',
  installCode: 'SSIOT-0001-7F3A',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  serial: 7,
  issuedAt: '2026-03-01T08:30:00.000Z',
  licenses: [
    {
      licenseId: '0d6c9b1e-5c1f-4d43-9a55-1f6d3f0f7a01',
      kind: 'capacity',
      deviceCount: 1000,
      activatedAt: '2026-02-28T10:00:00.000Z',
      expiresAt: null,
    },
  ],
};

/** The code of the error that a verification ends in; `accepted` when it does not. Any other kind of error is passed on. */
export const outcome = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    if (error instanceof DocumentError) return error.code;
    throw error;
  }
};
