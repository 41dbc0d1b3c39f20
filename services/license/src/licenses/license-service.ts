import type { License, LicenseHistoryPage, LicensePage } from '@smartserver/contracts';
import {
  type Clock,
  causeOf,
  change,
  type Database,
  decodeCursor,
  problem,
  type RequestContext,
  tenantOf,
  toPage,
} from '@smartserver/service-kit';
import { hasPendingChange } from '../changes/change-store.ts';
import type { LicenseTables } from '../db.ts';
import { fromCursorKey, toCursorKey } from '../history/history-cursor.ts';
import { listHistory, toHistoryEntry } from '../history/history-store.ts';
import { type LicenseState, nextVersion, type StandingCommand, standingAfter } from './license.ts';
import type { LicenseFilter } from './license-filter.ts';
import type { LicenseLedger } from './license-ledger-service.ts';
import { findLicense, listLicenses, lockLicense } from './license-store.ts';
import { toLicense, type View } from './license-view.ts';

type Deps = {
  database: Database<LicenseTables>;
  relay: { wake(): void };
  clock: Clock;
  expiringWithinDays: number;
  ledger: LicenseLedger;
};

const MOVES = { suspend: 'suspended', reinstate: 'reinstated', revoke: 'revoked' } as const;

/** Looking at licenses, annotating them, and Customer Success's control over them. */
export class LicenseService {
  constructor(private readonly deps: Deps) {}

  async list(
    context: RequestContext,
    filter: Omit<LicenseFilter, 'view'>,
    limit: number,
    cursor: string | undefined,
  ): Promise<LicensePage> {
    const view = this.view();
    const page = { after: decodeCursor(cursor), count: limit + 1 };
    const { kysely } = this.deps.database;
    const found = await listLicenses(kysely, tenantOf(context.actor), { ...filter, view }, page);
    const { rows, nextCursor } = toPage(found, limit, (license) => license.rowId);
    return { items: rows.map((license) => toLicense(license, view)), nextCursor };
  }

  /** @throws ProblemError license_not_found */
  async get(context: RequestContext, licenseId: string): Promise<License> {
    const license = await findLicense(this.deps.database.kysely, tenantOf(context.actor), licenseId);
    return toLicense(found(license), this.view());
  }

  /** @throws ProblemError license_not_found */
  async history(
    context: RequestContext,
    licenseId: string,
    limit: number,
    cursor: string | undefined,
  ): Promise<LicenseHistoryPage> {
    const { kysely } = this.deps.database;
    const tenant = tenantOf(context.actor);
    const after = fromCursorKey(decodeCursor(cursor, 'text'));
    found(await findLicense(kysely, tenant, licenseId));
    const entries = await listHistory(kysely, tenant, licenseId, { after, count: limit + 1 });
    const { rows, nextCursor } = toPage(entries, limit, (row) => toCursorKey({ at: row.at, sourceId: row.source_id }));
    return { items: rows.map(toHistoryEntry), nextCursor };
  }

  /**
   * @param requireVersion throws unless the caller edits the version it has read
   * @throws ProblemError license_not_found, license_not_available, and what `requireVersion` throws
   */
  async annotate(
    context: RequestContext,
    licenseId: string,
    note: string,
    requireVersion: (version: number) => void,
  ): Promise<License> {
    return change(this.deps, context, async (trx) => {
      const license = found(await lockLicense(trx, tenantOf(context.actor), licenseId));
      requireVersion(license.version);
      // A new version would end the hold that a pending change waits for.
      if (await hasPendingChange(trx, licenseId)) throw problem('license_not_available');
      const annotated = nextVersion(license, { note });
      await this.deps.ledger.change(trx, causeOf(context), [annotated], null);
      return toLicense(annotated, this.view());
    });
  }

  /**
   * A command that finds the license as it wants it changes nothing and answers with it: a repeat does no harm.
   * Commands never wait for a pending change: their new version ends its hold, and the change is refused.
   * @throws ProblemError license_not_found, license_revoked
   */
  async control(
    context: RequestContext,
    licenseId: string,
    command: StandingCommand,
    reason: string,
  ): Promise<License> {
    return change(this.deps, context, async (trx) => {
      const license = found(await lockLicense(trx, tenantOf(context.actor), licenseId));
      const standing = standingAfter(license.standing, command);
      if (standing === 'license_revoked') throw problem('license_revoked');
      if (standing === null) return toLicense(license, this.view());
      const controlled = nextVersion(license, { standing });
      await this.deps.ledger.change(trx, causeOf(context), [controlled], { event: MOVES[command], detail: reason });
      return toLicense(controlled, this.view());
    });
  }

  private view(): View {
    return { now: this.deps.clock.now(), expiringWithinDays: this.deps.expiringWithinDays };
  }
}

const found = (license: LicenseState | null): LicenseState => {
  if (license === null) throw problem('license_not_found');
  return license;
};
