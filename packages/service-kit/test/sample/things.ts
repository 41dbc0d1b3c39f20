import type { DeviceCount, Instant, LicenseKind, Uuid } from '@smartserver/contracts';

export type CreateThingRequest = {
  /**
   * @minLength 1
   * @maxLength 20
   * @example "Pump"
   */
  name: string;
  count: DeviceCount;
  /** @isInt */
  size?: number;
  ratio?: number;
  owner?: Uuid;
  kind?: LicenseKind;
  at?: Instant;
  /**
   * @minItems 1
   * @maxItems 3
   * @uniqueItems true
   */
  parts?: Uuid[];
  /** @maxItems 2 */
  lines?: { kind: LicenseKind; count: DeviceCount }[];
  flag?: boolean;
};

export type Parent = { thingId: Uuid };

export type Thing = {
  thingId: Uuid;
  name: string;
  count: DeviceCount;
  owner: Uuid | null;
  kind: LicenseKind | null;
  parent: Parent | null;
  at: Instant | null;
};

export type ThingPage = { items: Thing[]; nextCursor: string | null };

export type FormRequest = {
  grant_type: 'client_credentials';
  /** @maxLength 10 */
  scope?: string;
};
