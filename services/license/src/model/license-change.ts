import type { ActorReference, LicenseChange, LicenseChangeKind, ProblemCode } from '@smartserver/contracts';
import type { Cause } from '@smartserver/service-kit';
import type { ColumnType, Selectable } from 'kysely';
import { inventoryLicenseExample } from './license.ts';

/** A take-back or split, from the request to its end. */
export type LicenseChangesTable = {
  partner_id: string;
  /** Also the id of the hold that activation is asked for. */
  change_id: string;
  license_id: string;
  kind: LicenseChangeKind;
  /** Of a split: the first one is kept, each further one becomes a new license. */
  device_counts: readonly number[] | null;
  status: LicenseChange['status'];
  refusal: ProblemCode | null;
  /** The licenses as they were right after the change. Written as JSON text. */
  outcome: ColumnType<LicenseChange['licenses'] | null, string | null, string>;
  /** The version the hold is asked for: another one ends the hold. */
  license_version: number;
  /** Who asked for it: its completion, minutes later perhaps, still has this cause. */
  actor_kind: ActorReference['kind'];
  actor_id: string;
  traceparent: string | null;
  created_at: Date;
  asked_at: Date;
  settled_at: Date | null;
};

export type LicenseChangeRow = Selectable<LicenseChangesTable>;

/** What is to be done to a license. */
export type ChangeCommand = Pick<LicenseChangeRow, 'kind' | 'device_counts'>;

export const causeOfChange = (row: LicenseChangeRow): Cause => ({
  actor: { kind: row.actor_kind, id: row.actor_id },
  traceparent: row.traceparent,
});

/** @param visible License IDs that the actor sees: other parts are left out */
export const toLicenseChange = (row: LicenseChangeRow, visible: ReadonlySet<string>): LicenseChange => ({
  changeId: row.change_id,
  licenseId: row.license_id,
  kind: row.kind,
  status: row.status,
  refusal: row.refusal,
  licenses: (row.outcome ?? []).filter((license) => visible.has(license.licenseId)),
});

export const toHoldRequested = (row: Pick<LicenseChangeRow, 'change_id' | 'license_id' | 'license_version'>) => ({
  type: 'hold.requested.1' as const,
  data: { holdId: row.change_id, licenseId: row.license_id, licenseVersion: row.license_version },
});

export const changeExample: LicenseChange = {
  changeId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d12',
  licenseId: '8d4c2a6e-5d0b-4f8e-9f43-2f6d7b1c9a10',
  kind: 'take_back',
  status: 'completed',
  refusal: null,
  licenses: [inventoryLicenseExample],
};
