import type { DigestSettings, PutDigestSettingsRequest } from '@smartserver/contracts';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';
import { isPartner, lockPartner } from '../model/partner.ts';
import { readDigestSettings } from '../model/settings.sql.ts';
import { tidy, toDigestSettings } from '../model/settings.ts';
import { liftBounces, listSilences } from '../model/silence.ts';
import { cancelUnwantedDigests } from '../notices/cancel.ts';
import { addDays, dayOf } from '../notices/day.ts';
import { ownerOfNew } from '../tenancy.ts';

/** @param named the partner that Customer Success means; without one its own digest  @throws partner_not_found */
export const getDigestSettings = async (
  deps: Deps,
  context: RequestContext,
  named: string | undefined,
): Promise<DigestSettings> => {
  const { kysely } = deps.database;
  const partnerId = await ownerOf(deps, context, named);
  const settings = await readDigestSettings(kysely, partnerId);
  return toDigestSettings(partnerId, settings, await listSilences(kysely, { partnerId, customerId: null }));
};

/**
 * @param requireVersion throws unless the edit was made on this version
 * @throws partner_not_found
 */
export const putDigestSettings = async (
  deps: Deps,
  context: RequestContext,
  named: string | undefined,
  request: PutDigestSettingsRequest,
  requireVersion: (version: number) => void,
): Promise<DigestSettings> => {
  const partnerId = await ownerOf(deps, context, named);
  // What is due today follows these settings, unless nothing could be made since an earlier day.
  const lastDay = addDays(dayOf(deps.clock.now()), -1);
  const doneThrough = sql<string>`least(digest_settings.told_through, ${lastDay}::date)`;
  return change(deps, context, async (trx) => {
    // Customer Success is no row, and there may be no settings yet: its edits take turns by an advisory lock.
    if (partnerId !== null) await lockPartner(trx, partnerId);
    else await sql`select pg_advisory_xact_lock(hashtextextended('digest of customer success', 0))`.execute(trx);
    const { version } = await readDigestSettings(trx, partnerId);
    requireVersion(version);
    const settings = { ...tidy(request), version: version + 1 };
    await trx
      .insertInto('digest_settings')
      .values({ partner_id: partnerId, ...settings, told_through: lastDay })
      .onConflict((conflict) => conflict.column('partner_id').doUpdateSet({ ...settings, told_through: doneThrough }))
      .execute();
    await liftBounces(trx, partnerId, settings.recipients);
    await cancelUnwantedDigests(trx, partnerId);
    return toDigestSettings(partnerId, settings, await listSilences(trx, { partnerId, customerId: null }));
  });
};

/** Null: Customer Success. */
const ownerOf = async (deps: Deps, { actor }: RequestContext, named: string | undefined): Promise<string | null> => {
  if (actor.kind === 'cms') throw problem('scope_missing', { detail: 'Digests are for partners.' });
  const partnerId = ownerOfNew(tenantOf(actor), named);
  if (partnerId === undefined) throw problem('partner_not_found');
  if (partnerId === null) return null;
  // The event of a partner created a moment ago may still be on its way.
  const read = async () => ((await isPartner(deps.database.kysely, partnerId)) ? true : null);
  if ((await deps.projections.waitFor(read, ['partner.changed.1'])) === null) throw problem('partner_not_found');
  return partnerId.toLowerCase();
};
