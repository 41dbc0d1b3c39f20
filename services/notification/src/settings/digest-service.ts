import type { DigestSettings, PutDigestSettingsRequest } from '@smartserver/contracts';
import { change, problem, type RequestContext, tenantOf } from '@smartserver/service-kit';
import { addDays, dayOf } from '../notices/day.ts';
import { voidUnwantedDigests } from '../notices/void-service.ts';
import { isPartner, lockPartner } from '../partners/partner-store.ts';
import { ownerOfNew } from '../tenancy.ts';
import { DEFAULT_DIGEST, tidy, toDigestSettings } from './settings.ts';
import type { SettingsDeps } from './settings-service.ts';
import { findDigest, liftBounces, listSilences, lockStaffDigest, saveDigest } from './settings-store.ts';

/** Digests of a partner over all its accounts, and of Customer Success over all partners. */
export class DigestService {
  constructor(private readonly deps: SettingsDeps) {}

  /** @param named the partner that Customer Success means; without one its own  @throws partner_not_found */
  async get(named: string | undefined, context: RequestContext): Promise<DigestSettings> {
    const { kysely } = this.deps.database;
    const partnerId = await this.#owner(named, context);
    const settings = (await findDigest(kysely, partnerId)) ?? DEFAULT_DIGEST;
    return toDigestSettings(partnerId, settings, await listSilences(kysely, { partnerId, customerId: null }));
  }

  /**
   * @param requireVersion throws unless the edit was made on this version
   * @throws partner_not_found
   */
  async put(
    named: string | undefined,
    request: PutDigestSettingsRequest,
    requireVersion: (version: number) => void,
    context: RequestContext,
  ): Promise<DigestSettings> {
    const partnerId = await this.#owner(named, context);
    return change(this.deps, context, async (trx) => {
      await (partnerId === null ? lockStaffDigest(trx) : lockPartner(trx, partnerId));
      const { version } = (await findDigest(trx, partnerId)) ?? DEFAULT_DIGEST;
      requireVersion(version);
      const settings = { ...tidy(request), version: version + 1 };
      // What is due today is told today.
      await saveDigest(trx, partnerId, settings, addDays(dayOf(this.deps.clock.now()), -1));
      await liftBounces(trx, partnerId, settings.recipients);
      await voidUnwantedDigests(trx, partnerId);
      return toDigestSettings(partnerId, settings, await listSilences(trx, { partnerId, customerId: null }));
    });
  }

  async #owner(named: string | undefined, { actor }: RequestContext): Promise<string | null> {
    if (actor.kind === 'cms') throw problem('scope_missing', { detail: 'Digests are for partners.' });
    const partnerId = ownerOfNew(tenantOf(actor), named);
    if (partnerId === undefined) throw problem('partner_not_found');
    if (partnerId === null) return null;
    const { database, eventually } = this.deps;
    // Account's news of a partner made a moment ago may still be on its way.
    const known = await eventually(async () => ((await isPartner(database.kysely, partnerId)) ? true : null));
    if (known === null) throw problem('partner_not_found');
    return partnerId.toLowerCase();
  }
}
