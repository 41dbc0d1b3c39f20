import type { OfflineActivation } from '@smartserver/contracts';
import { writeLicenseFile } from '@smartserver/license-document';
import { type Expression, type SqlBool, sql } from 'kysely';
import type { StepDeps } from '../deps.ts';
import { lockedDocumentFacts } from './document.ts';
import type { Executor, Trx } from './tables.ts';

/** With the end of the activation that each is about: a return writes nothing here. */
export const selectOfflineActivations = (executor: Executor) =>
  executor
    .selectFrom('offline_activations')
    .select(['id', 'activation_id', 'license_id', 'customer_id', 'install_code', 'kind', 'device_count'])
    .select(['serial', 'signed_by', 'created_at'])
    .select((eb) =>
      eb
        .selectFrom('activations as a')
        .select('a.returned_at')
        .whereRef('a.id', '=', 'activation_id')
        .as('returned_at'),
    );

/** An offline activation without its file. */
export type OfflineActivationRow = Awaited<
  ReturnType<ReturnType<typeof selectOfflineActivations>['executeTakeFirstOrThrow']>
>;

export const toOfflineActivation = (row: OfflineActivationRow): OfflineActivation => ({
  offlineActivationId: row.id,
  licenseId: row.license_id,
  customerId: row.customer_id,
  installCode: row.install_code,
  kind: row.kind,
  deviceCount: row.device_count,
  serial: row.serial,
  createdAt: row.created_at.toISOString(),
  returnedAt: row.returned_at?.toISOString() ?? null,
  // What people save it as.
  fileName: `smartserver-${row.install_code}-${row.serial}.lic`,
});

export const offlineActivationExample: OfflineActivation = {
  offlineActivationId: '01957f6e-2c1a-7a3e-9b58-2f6f0c6b6d14',
  licenseId: 'e8b5f6a4-5d0c-4c56-8a0f-3f7f2f6f9d01',
  customerId: '2133c667-af41-4518-94df-a2bb3b775330',
  installCode: '0302E1C2A8F40011',
  kind: 'capacity',
  deviceCount: 1000,
  serial: 3,
  createdAt: '2026-03-02T08:30:00.000Z',
  returnedAt: null,
  fileName: 'smartserver-0302E1C2A8F40011-3.lic',
};

export const findOfflineActivation = (executor: Executor, id: string, visible: Expression<SqlBool>) =>
  selectOfflineActivations(executor).where('offline_activations.id', '=', id).where(visible).executeTakeFirst();

/** The one of an activation of a license. */
export const findOfActivation = (executor: Executor, activationId: string): Promise<OfflineActivationRow | undefined> =>
  selectOfflineActivations(executor).where('offline_activations.activation_id', '=', activationId).executeTakeFirst();

/** Those whose license is on the controller, in good standing. */
export const findOpenOnes = (trx: Trx, installCode: string): Promise<OfflineActivationRow[]> =>
  selectOfflineActivations(trx)
    .where('install_code', '=', installCode)
    .where(
      sql<SqlBool>`exists (select from licenses l where l.license_id = offline_activations.license_id
        and l.activation_id = offline_activations.activation_id and l.standing = 'good')`,
    )
    .execute();

/** The greatest serial of a file that was issued for the controller; null: none was. */
export const lastFileSerial = async (executor: Executor, installCode: string): Promise<number | null> => {
  const query = executor.selectFrom('offline_activations').select((eb) => eb.fn.max('serial').as('serial'));
  return (await query.where('install_code', '=', installCode).executeTakeFirstOrThrow()).serial;
};

/** The `.lic` file of a locked controller's document, as it is now. */
export const issueFile = async (trx: Trx, signer: StepDeps['signer'], installCode: string) => {
  const { jws, serial } = signer.sign(await lockedDocumentFacts(trx, installCode, signer.kid));
  return { file: writeLicenseFile({ jws }), serial, signed_by: signer.kid };
};

/** Issues files of a locked controller again, with its document as it is now. */
export const replaceFiles = async (
  trx: Trx,
  signer: StepDeps['signer'],
  installCode: string,
  ids: readonly string[],
) => {
  const update = trx.updateTable('offline_activations').set(await issueFile(trx, signer, installCode));
  await update.where('id', '=', sql<string>`any(${[...ids]}::uuid[])`).execute();
};
