import type { InstallCodeText, Instant, Uuid } from './common.ts';
import type { LicenseKind } from './license.ts';

/** `installCode` typed by hand, or `requestFile` (the text of a `.req`) made by the CMS; exactly one of them. */
export type CreateOfflineActivationRequest = {
  licenseId: Uuid;
  installCode?: InstallCodeText;
  /**
   * @minLength 1
   * @maxLength 16384
   */
  requestFile?: string;
};

/** One offline activation file. Issuing it placed the license on the controller (rule 2). */
export type OfflineActivation = {
  offlineActivationId: Uuid;
  licenseId: Uuid;
  customerId: Uuid;
  installCode: string;
  kind: LicenseKind;
  /** @isInt */
  deviceCount: number;
  /**
   * Serial of the license document in the file.
   * @isInt
   */
  serial: number;
  createdAt: Instant;
  /** Set once the license was returned: the file is superseded then. */
  returnedAt: Instant | null;
  /** @example "smartserver-0302E1C2A8F40011-12.lic" */
  fileName: string;
};

export type OfflineActivationPage = { items: OfflineActivation[]; nextCursor: string | null };

export type CreateOfflineReturnRequest = {
  /**
   * Text of the return receipt that the CMS made, signed by the device.
   * @minLength 1
   * @maxLength 65536
   */
  receipt: string;
};

export type OfflineReturn = {
  installCode: string;
  customerId: Uuid;
  returned: Uuid[];
  /**
   * Serial that the controller's next document will have at least.
   * @isInt
   */
  serial: number;
  returnedAt: Instant;
};
