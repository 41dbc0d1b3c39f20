import { type Expression, type SqlBool, sql } from 'kysely';
import type { ActivationTransaction, Executor } from '../db.ts';
import type { FileContent, NewOfflineActivation, OfflineActivationRow } from './offline-activation.ts';

/** With the end of the stay that it is about: a return knows nothing of files. */
const rows = (executor: Executor) =>
  executor
    .selectFrom('offline_activations')
    .innerJoin('activations', 'activations.id', 'offline_activations.activation_id')
    .select([
      'offline_activations.id',
      'offline_activations.activation_id',
      'offline_activations.license_id',
      'offline_activations.customer_id',
      'offline_activations.install_code',
      'offline_activations.kind',
      'offline_activations.device_count',
      'offline_activations.serial',
      'offline_activations.signed_by',
      'offline_activations.created_at',
      'activations.returned_at',
    ]);

export const findOfflineActivation = (
  executor: Executor,
  id: string,
  visible: Expression<SqlBool>,
): Promise<OfflineActivationRow | undefined> =>
  rows(executor).where('offline_activations.id', '=', id).where(visible).executeTakeFirst();

/** The one of a stay of a license. */
export const findOfActivation = (executor: Executor, activationId: string): Promise<OfflineActivationRow | undefined> =>
  rows(executor).where('offline_activations.activation_id', '=', activationId).executeTakeFirst();

/** The newest first, up to `limit` before the id given. */
export const listOfflineActivations = (
  executor: Executor,
  filter: {
    visible: Expression<SqlBool>;
    licenseId?: string;
    installCode?: string;
    before: string | null;
    limit: number;
  },
): Promise<OfflineActivationRow[]> => {
  const { licenseId, installCode, before } = filter;
  return rows(executor)
    .where(filter.visible)
    .$if(licenseId !== undefined, (query) => query.where('offline_activations.license_id', '=', licenseId ?? ''))
    .$if(installCode !== undefined, (query) => query.where('offline_activations.install_code', '=', installCode ?? ''))
    .$if(before !== null, (query) => query.where('offline_activations.id', '<', before ?? ''))
    .orderBy('offline_activations.id', 'desc')
    .limit(filter.limit)
    .execute();
};

export const readFile = async (executor: Executor, id: string): Promise<string> =>
  (await executor.selectFrom('offline_activations').select('file').where('id', '=', id).executeTakeFirstOrThrow()).file;

export const insertOfflineActivation = async (trx: ActivationTransaction, row: NewOfflineActivation): Promise<void> => {
  await trx.insertInto('offline_activations').values(row).execute();
};

export const replaceFiles = async (
  trx: ActivationTransaction,
  ids: readonly string[],
  content: FileContent,
): Promise<void> => {
  await trx
    .updateTable('offline_activations')
    .set(content)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute();
};

/** Those whose license is on the controller, in good standing. */
export const findOpenOnes = (trx: ActivationTransaction, installCode: string): Promise<OfflineActivationRow[]> =>
  rows(trx)
    .innerJoin('licenses', 'licenses.activation_id', 'offline_activations.activation_id')
    .where('offline_activations.install_code', '=', installCode)
    .where('licenses.standing', '=', 'good')
    .execute();

/** Whether a request file has already brought a license somewhere. */
export const wasUsed = async (executor: Executor, licenseId: string, requestDigest: string): Promise<boolean> => {
  const used = await executor
    .selectFrom('offline_activations')
    .select('id')
    .where('license_id', '=', licenseId)
    .where('request_digest', '=', requestDigest)
    .executeTakeFirst();
  return used !== undefined;
};

/** The greatest serial of a file that was issued for the controller; null: none was. */
export const lastFileSerial = async (executor: Executor, installCode: string): Promise<number | null> => {
  const row = await executor
    .selectFrom('offline_activations')
    .select((eb) => eb.fn.max('serial').as('serial'))
    .where('install_code', '=', installCode)
    .executeTakeFirst();
  return row?.serial ?? null;
};
