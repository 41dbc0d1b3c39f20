import { randomUUID } from 'node:crypto';
import type { ActivationsResult, SignedLicenseDocument } from '@smartserver/contracts';
import { actors, makeEvent } from '@smartserver/testing';
import { type Answer, type Harness, keyOf, type NewLicense } from './harness.ts';

let codes = 0;
export const newInstallCode = (): string => {
  codes += 1;
  return `0302E1C2A8F4${String(codes).padStart(4, '0')}`;
};

/** An account with licenses on their way to nowhere yet. */
export const givenAccount = async (harness: Harness, licenses: NewLicense[] = []) => {
  const partnerId = randomUUID();
  const customerId = randomUUID();
  await harness.take(
    makeEvent('customer.changed.1', { customerId, partnerId, name: 'P2022-0208', contacts: [], version: 1 }),
  );
  const licenseIds: string[] = [];
  for (const license of licenses) licenseIds.push(await givenLicense(harness, { partnerId, customerId }, license));
  return { partnerId, customerId, licenseIds };
};

export type Account = Awaited<ReturnType<typeof givenAccount>>;

export const givenLicense = async (
  harness: Harness,
  { partnerId, customerId }: Pick<Account, 'partnerId' | 'customerId'>,
  license: NewLicense = {},
): Promise<string> => {
  const licenseId = license.licenseId ?? randomUUID();
  await harness.licenseChanged({ partnerId, customerId, ...license, licenseId });
  return licenseId;
};

/** A CMS session on a controller of its own, linked by default. */
export const givenCms = async (
  harness: Harness,
  { partnerId, customerId }: Pick<Account, 'partnerId' | 'customerId'>,
  options: { installCode?: string; deviceKey?: string; linked?: boolean } = {},
) => {
  const installCode = options.installCode ?? newInstallCode();
  const cms = actors.cms({ partnerId, customerId, installCode, deviceKey: options.deviceKey ?? keyOf(installCode) });
  const url = `/v1/controllers/${installCode}`;
  if (options.linked ?? true) {
    const body = { customerId, segmentName: 'Building 1', softwareVersion: '4.40.012' };
    const answer = await harness.put(cms, url, body);
    if (answer.statusCode !== 200) throw new Error(answer.body);
  }
  return {
    installCode,
    cms,
    url,
    activate: (licenseIds: readonly string[], headers: Record<string, string> = {}) =>
      harness.post(cms, `${url}/activations`, { licenseIds }, headers),
    giveBack: (body: object, headers: Record<string, string> = {}) =>
      harness.post(cms, `${url}/returns`, body, headers),
    document: (headers: Record<string, string> = {}) => harness.get(cms, `${url}/license-document`, headers),
    onIt: () => harness.get(cms, `${url}/licenses`),
    available: () => harness.get(cms, `${url}/available-licenses`),
  };
};

export type Cms = Awaited<ReturnType<typeof givenCms>>;

/** Licenses in a signed document, as its device reads them. */
export const licensesIn = (harness: Harness, answer: Answer): string[] => {
  const body = answer.json<ActivationsResult | SignedLicenseDocument>();
  return harness.verify('document' in body ? body.document : body).licenses.map((license) => license.licenseId);
};

export const openActivations = (harness: Harness, licenseIds: readonly string[]) =>
  harness.database.kysely
    .selectFrom('activations')
    .selectAll()
    .where('license_id', 'in', [...licenseIds])
    .where('returned_at', 'is', null)
    .execute();
