import type { EventEnvelope, EventPayloads } from '@smartserver/contracts';
import { type Clock, type Ids, RetryLater } from '@smartserver/service-kit';
import { lockController } from '../controllers/controller-store.ts';
import { renewDocument } from '../controllers/renew-service.ts';
import type { ActivationTransaction, LicenseRow } from '../db.ts';
import { endHold } from '../holds/hold-service.ts';
import { lockLicenses, renewedBy } from '../licenses/license-store.ts';
import { hasTerm, termOf } from '../licenses/term.ts';

type Deps = { clock: Clock; ids: Ids };
type LicenseNews = EventPayloads['license.changed.1'];

/**
 * State of a license as its owner knows it. A higher version only: news may come in any order. It ends a hold, and what a
 * license document says differently from now on makes a new document of the controller that the license is on.
 */
export const licenseChanged =
  (deps: Deps) =>
  async (trx: ActivationTransaction, event: EventEnvelope<'license.changed.1'>): Promise<void> => {
    const news = event.data;
    if (news.kind === 'maintenance' && news.termYears === null) throw new Error('a maintenance license has no term');
    // Controllers are locked before licenses, so its place has to be looked up first, and looked at again once locked.
    const place = await placeOf(trx, news.licenseId);
    const controller = place === null ? undefined : await lockController(trx, place);
    if (await insertLicense(trx, news)) return;
    const [license] = await lockLicenses(trx, [news.licenseId]);
    if (license === undefined || license.version >= news.version) return;
    if (license.installed_on !== place) throw new RetryLater('the license moves at this moment');

    await updateLicense(trx, license, news);
    await endHold(trx, license, news.version);
    if (controller === undefined || !saysOtherwise(license, news)) return;
    await renewDocument(trx, deps, { actor: event.actor, traceparent: event.traceparent }, controller);
  };

const placeOf = async (trx: ActivationTransaction, licenseId: string): Promise<string | null> => {
  const row = await trx
    .selectFrom('licenses')
    .select('installed_on')
    .where('license_id', '=', licenseId)
    .executeTakeFirst();
  return row?.installed_on ?? null;
};

/** The license's facts, with a term that has begun elsewhere: a split hands it on to its parts. */
const facts = async (trx: ActivationTransaction, news: LicenseNews, known: Date | null) => ({
  partner_id: news.partnerId,
  customer_id: news.customerId,
  version: news.version,
  kind: news.kind,
  device_count: news.deviceCount,
  term_years: hasTerm(news.kind) ? news.termYears : null,
  renews: news.renews,
  owner: news.owner,
  standing: news.standing,
  note: news.note,
  ...(known === null && news.firstActivatedAt !== null
    ? await begunTerm(trx, news, new Date(news.firstActivatedAt))
    : {}),
});

const begunTerm = async (trx: ActivationTransaction, news: LicenseNews, firstActivatedAt: Date) => {
  const { termYears } = news;
  if (!hasTerm(news.kind) || termYears === null) return { first_activated_at: firstActivatedAt };
  // News of before does not tell the start: it is dated by what the license renews, as at an activation.
  const startsAt = news.startsAt ? new Date(news.startsAt) : null;
  const renewed = news.renews === null || startsAt !== null ? [] : await renewedBy(trx, news.renews);
  const term = termOf(renewed, { firstActivatedAt: startsAt ?? firstActivatedAt, termYears });
  return { first_activated_at: firstActivatedAt, starts_at: term.startsAt, expires_at: term.expiresAt };
};

const insertLicense = async (trx: ActivationTransaction, news: LicenseNews): Promise<boolean> => {
  const inserted = await trx
    .insertInto('licenses')
    .values({
      license_id: news.licenseId,
      first_activated_at: null,
      expires_at: null,
      ...(await facts(trx, news, null)),
    })
    .onConflict((conflict) => conflict.column('license_id').doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
};

const updateLicense = async (trx: ActivationTransaction, license: LicenseRow, news: LicenseNews): Promise<void> => {
  await trx
    .updateTable('licenses')
    .set(await facts(trx, news, license.first_activated_at))
    .where('license_id', '=', news.licenseId)
    .execute();
};

/** Whether the controller's document has to say something else about it. */
const saysOtherwise = (before: LicenseRow, news: LicenseNews): boolean =>
  (before.standing === 'good') !== (news.standing === 'good') ||
  (news.standing === 'good' && (before.device_count !== news.deviceCount || before.kind !== news.kind));
