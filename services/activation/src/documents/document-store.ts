import type { LicenseKind } from '@smartserver/contracts';
import { type Expression, type Kysely, type SqlBool, sql, type Transaction } from 'kysely';
import type { ActivationTables } from '../db.ts';
import type { DocumentFacts } from './license-document.ts';

type Row = {
  install_code: string;
  customer_id: string;
  serial: number;
  document_issued_at: Date;
  license_id: string | null;
  kind: LicenseKind | null;
  device_count: number | null;
  activation_id: string | null;
  activated_at: Date | null;
  starts_at: Date | null;
  expires_at: Date | null;
};

/**
 * Facts of a controller's newest document: its licenses of good standing. One statement, so serial and licenses belong
 * together whatever happens meanwhile.
 * @param visible what the caller may see
 * @param kid of the key that will sign it
 */
export const readDocumentFacts = async (
  executor: Kysely<ActivationTables> | Transaction<ActivationTables>,
  installCode: string,
  visible: Expression<SqlBool>,
  kid: string,
): Promise<DocumentFacts | null> => {
  const rows: Row[] = await executor
    .selectFrom('controllers')
    .leftJoin('licenses', (join) =>
      join
        .on('licenses.license_id', '=', sql<string>`any(controllers.license_ids)`)
        .on('licenses.standing', '=', 'good'),
    )
    .select(['controllers.install_code', 'controllers.customer_id', 'serial', 'document_issued_at'])
    .select(['license_id', 'kind', 'device_count', 'activation_id', 'activated_at', 'starts_at', 'expires_at'])
    .where('controllers.install_code', '=', installCode)
    .where(visible)
    .orderBy('license_id')
    .execute();
  const [controller] = rows;
  if (controller === undefined) return null;
  return {
    installCode: controller.install_code,
    customerId: controller.customer_id,
    serial: controller.serial,
    issuedAt: controller.document_issued_at.toISOString(),
    kid,
    licenses: rows.flatMap(({ license_id, kind, device_count, activation_id, activated_at, starts_at, expires_at }) =>
      license_id === null || kind === null || device_count === null || activation_id === null || activated_at === null
        ? []
        : [
            {
              licenseId: license_id,
              kind,
              deviceCount: device_count,
              activationId: activation_id,
              activatedAt: activated_at.toISOString(),
              startsAt: starts_at?.toISOString() ?? null,
              expiresAt: expires_at?.toISOString() ?? null,
            },
          ],
    ),
  };
};
