import type { SignedLicenseDocument } from '@smartserver/contracts';
import { type DocumentContent, documentOf, type LicenseDocument } from '@smartserver/license-document';
import { type Expression, type SqlBool, sql } from 'kysely';
import { everything } from '../tenancy.ts';
import { installedLicenseSql, isoSql } from './license.ts';
import type { Executor, Trx } from './tables.ts';

/**
 * What a license document says: the open activations of good standing of one controller at one serial, by License ID. Signing is
 * deterministic, so these facts are all that an idempotency row has to remember. `kid`: the signing key at that time.
 */
export type DocumentFacts = Omit<DocumentContent, 'issuer' | 'licenses'> & {
  kid: string;
  licenses: (DocumentContent['licenses'][number] & { activationId: string })[];
};

/**
 * {@link DocumentFacts} as JSON text.
 * @param c the row of `controllers`  @param kid the signing key  @param licenses the rows of `licenses`
 */
export const documentFactsSql = (c: string, kid: string, licenses: string) => `json_build_object(
    'installCode', ${c}.install_code, 'customerId', ${c}.customer_id, 'serial', ${c}.serial,
    'issuedAt', ${isoSql(`${c}.document_issued_at`)}, 'kid', ${kid}, 'licenses', coalesce(
      (select json_agg(json_build_object(${installedLicenseSql('t')}) order by t.license_id) from ${licenses} t), '[]')
  )::text`;

const ON_CONTROLLER = `(
  select l.* from licenses l where l.license_id = any(controllers.license_ids) and l.standing = 'good')`;

/**
 * Facts of a controller's newest document: its licenses of good standing. One statement, so serial and licenses belong
 * together whatever happens meanwhile.
 * @param kid of the key that will sign it
 */
export const readDocumentFacts = async (
  executor: Executor,
  installCode: string,
  visible: Expression<SqlBool>,
  kid: string,
): Promise<DocumentFacts | null> => {
  const { rows } = await sql<{ facts: string }>`
    select ${sql.raw(documentFactsSql('controllers', 'signer.kid', ON_CONTROLLER))} as facts
    from controllers, (select ${kid}::text as kid) signer
    where controllers.install_code = ${installCode} and ${visible}`.execute(executor);
  return rows[0] === undefined ? null : JSON.parse(rows[0].facts);
};

/** Of a controller that the transaction has locked. */
export const lockedDocumentFacts = async (trx: Trx, installCode: string, kid: string): Promise<DocumentFacts> => {
  const facts = await readDocumentFacts(trx, installCode, everything, kid);
  if (facts === null) throw new Error('a locked controller is gone');
  return facts;
};

const ISSUER = 'EnOcean SmartServer license management';

/**
 * The document of these facts. Of a term that begins later, as that of a renewal activated early, it says when.
 * @param notBefore since when the signing key is certified. A document that was issued under an earlier key and is signed
 *   again with this one is issued by it at that time: before, it would not be believed.
 */
export const licenseDocument = (facts: DocumentFacts, notBefore: Date): LicenseDocument => {
  const { installCode, customerId, serial } = facts;
  const issuedAt = new Date(Math.max(Date.parse(facts.issuedAt), notBefore.getTime())).toISOString();
  const licenses = facts.licenses
    .map(({ activationId: _, ...license }) => license)
    .sort((a, b) => (a.licenseId < b.licenseId ? -1 : 1));
  return documentOf({ issuer: ISSUER, installCode, customerId, serial, issuedAt, licenses });
};

/** Shortened: a real document has some 900 characters and more. */
export const documentExample: SignedLicenseDocument = {
  installCode: '0302E1C2A8F40011',
  serial: 3,
  issuedAt: '2026-03-02T08:30:00.000Z',
  jws: 'eyJhbGciOiJFZERTQSIsInR5cCI6InNtYXJ0c2VydmVyLWxpY2Vuc2Urand0In0.eyJmb3JtYXRWZXJzaW9uIjoxfQ.c2lnbmF0dXJl',
};
