import type { ControllerLicense } from '@smartserver/contracts';
import type { DocumentLicense } from '@smartserver/license-document';
import { licenseStatus } from '@smartserver/rules';
import { brief, unreachableCode } from '../../cloud/api.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import type { Settings } from '../../folder/settings.ts';
import { CmsProblem } from '../../problem.ts';
import { type Command, cloudOf, type Invocation, settingsOf, signIn, storeOf } from '../command.ts';
import { describeLicense, instantText, printable, table } from '../text.ts';

/**
 * The Manage Licenses table. What counts is the stored document, verified offline; the cloud, when it can be reached, gives the
 * newest document, descriptions and notes.
 */
export const licenses: Command = async (invocation) => {
  const settings = await settingsOf(invocation);
  const cloud = await cloudOf(invocation, settings, brief);
  const fromCloud = await ifReachable(() => refresh(invocation, settings, cloud));
  const stored = await storeOf(invocation).read(settings);
  const now = invocation.machine.now();
  const items = merge(
    (stored?.document.licenses ?? []).map((license) => localRow(license, settings, now)),
    fromCloud ?? [],
  );
  if (fromCloud === null) {
    invocation.terminal.err(
      'Note: the cloud cannot be reached. This is what the stored, verified license document says.',
    );
  }
  const { installCode, segmentName, customerId } = settings;
  const serial = stored?.document.serial ?? null;
  const json = { installCode, segmentName, customerId, serial, cloudReached: fromCloud !== null, items };
  return { json, text: items.length === 0 ? `No licenses are on ${installCode}.` : toTable(items) };
};

async function refresh(invocation: Invocation, settings: Settings, cloud: Cloud): Promise<ControllerLicense[]> {
  await signIn(cloud, invocation.terminal);
  const store = storeOf(invocation);
  const newer = await cloud.document(await verifiedSerial(invocation, settings));
  if (newer) await store.accept(newer.jws, settings);
  return cloud.onController();
}

/** A stored document that cannot be used is fetched again: then the serial must not say that it is here already. */
async function verifiedSerial(invocation: Invocation, settings: Settings): Promise<number | null> {
  try {
    return (await storeOf(invocation).read(settings))?.document.serial ?? null;
  } catch (error) {
    if (error instanceof CmsProblem) return null;
    throw error;
  }
}

async function ifReachable<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CmsProblem && [unreachableCode, 'unavailable', 'rate_limited'].includes(error.code))
      return null;
    throw error;
  }
}

function localRow(license: DocumentLicense, { installCode, segmentName }: Settings, now: Date): ControllerLicense {
  const { licenseId, kind, deviceCount, activatedAt, expiresAt } = license;
  const status = licenseStatus({ expiresAt: expiresAt === null ? null : new Date(expiresAt), now });
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
    expiresAt,
    note: '',
  };
}

/** The cloud's row where it has one: it knows note and standing. In the document's order; rows of the cloud alone come last. */
function merge(local: ControllerLicense[], cloud: ControllerLicense[]): ControllerLicense[] {
  const known = new Map(cloud.map((row) => [row.licenseId, row]));
  const here = new Set(local.map((row) => row.licenseId));
  return [...local.map((row) => known.get(row.licenseId) ?? row), ...cloud.filter((row) => !here.has(row.licenseId))];
}

function toTable(items: ControllerLicense[]): string {
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
}
