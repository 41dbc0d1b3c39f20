import type { ControllerLicense } from '@smartserver/contracts';
import { brief, unreachableCode } from '../../cloud/api.ts';
import type { StoredLicenses } from '../../folder/license-store.ts';
import type { Settings } from '../../folder/settings.ts';
import { CmsProblem } from '../../problem.ts';
import {
  type Command,
  cloudOf,
  type Invocation,
  type LinkedSettings,
  settingsOf,
  signIn,
  storeOf,
  timeHere,
} from '../command.ts';
import { fetchNewest } from '../newest.ts';
import { describeLicense, instantText, printable, table } from '../text.ts';
import { type LicenseWithStatus, returnsJson, unansweredText, withStatus } from '../views.ts';

/**
 * The Manage Licenses table. What counts is the stored document, verified offline, less what was returned offline; the cloud, when
 * this SmartServer is linked and can reach it, gives the newest document, descriptions and notes.
 */
export const licenses: Command = async (invocation) => {
  const settings = await settingsOf(invocation);
  const { cloud } = settings;
  const fromCloud = cloud && (await ifReachable(() => refresh(invocation, { ...settings, cloud })));
  const found = await storeOf(invocation).read(settings);
  const { now } = timeHere(invocation, found?.stored.newestIssuedAt ?? null);
  const local = withStatus(found?.licenses ?? [], now).map((license) => localRow(license, settings));
  const items = merge(local, withoutReturned(fromCloud ?? [], found));
  if (cloud && fromCloud === null) {
    invocation.terminal.err(
      'Note: the cloud cannot be reached. This is what the stored, verified license document says.',
    );
  }
  const { installCode, segmentName } = settings;
  const json = {
    installCode,
    segmentName,
    customerId: cloud?.customerId ?? found?.stored.document.customerId ?? null,
    serial: found?.stored.document.serial ?? null,
    cloudReached: fromCloud !== null,
    judgedAt: now.toISOString(),
    items,
    returnedOffline: found ? returnsJson(found) : [],
  };
  const shown = items.length === 0 ? `No licenses are on ${installCode}.` : toTable(items);
  return { json, text: [shown, ...(found ? unansweredText(found) : [])].join('\n') };
};

const refresh = async (invocation: Invocation, settings: LinkedSettings): Promise<ControllerLicense[]> => {
  const cloud = await cloudOf(invocation, settings, brief);
  await signIn(cloud, invocation.terminal);
  await fetchNewest(invocation, settings, cloud);
  return cloud.onController();
};

const ifReachable = async <T>(work: () => Promise<T>): Promise<T | null> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CmsProblem && [unreachableCode, 'unavailable', 'rate_limited'].includes(error.code))
      return null;
    throw error;
  }
};

const localRow = (license: LicenseWithStatus, { installCode, segmentName }: Settings): ControllerLicense => {
  const { licenseId, kind, deviceCount, status, activatedAt, expiresAt } = license;
  // A document has the start of a term only where that was still to come.
  const { startsAt = null } = license;
  const description = describeLicense(license);
  return {
    installCode,
    segmentName,
    licenseId,
    description,
    kind,
    deviceCount,
    status,
    activatedAt,
    startsAt,
    expiresAt,
    note: '',
  };
};

/** The cloud shows what was returned offline as being here, until it has the receipt. */
const withoutReturned = (rows: ControllerLicense[], found: StoredLicenses | null): ControllerLicense[] => {
  const here = new Set(found?.licenses.map(({ licenseId }) => licenseId));
  const returned = new Set(found?.returns.flatMap((one) => one.licenses.map(({ licenseId }) => licenseId)));
  return rows.filter(({ licenseId }) => here.has(licenseId) || !returned.has(licenseId));
};

/** The cloud's row where it has one: it knows note and standing. In the document's order; rows of the cloud alone come last. */
const merge = (local: ControllerLicense[], cloud: ControllerLicense[]): ControllerLicense[] => {
  const known = new Map(cloud.map((row) => [row.licenseId, row]));
  const here = new Set(local.map((row) => row.licenseId));
  return [...local.map((row) => known.get(row.licenseId) ?? row), ...cloud.filter((row) => !here.has(row.licenseId))];
};

const toTable = (items: ControllerLicense[]): string => {
  const columns = ['Segment controller', 'Description', 'Status', 'Activation date', 'Expires', 'License ID', 'Note'];
  const rows = items.map((row) => [
    printable(`${row.segmentName} (${row.installCode})`),
    printable(row.description),
    row.status,
    instantText(row.activatedAt),
    instantText(row.expiresAt),
    row.licenseId,
    printable(row.note),
  ]);
  return table(columns, rows);
};
