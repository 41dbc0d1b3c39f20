import { createRequestFile, fingerprint } from '@smartserver/license-document';
import { requireDeviceKey } from '../../folder/device-key.ts';
import { outFile, writeGivenFile } from '../../folder/given-file.ts';
import { writeSettings } from '../../folder/settings.ts';
import { type Command, settingsOf, storeOf, timeHere } from '../command.ts';
import { facts, printable } from '../text.ts';

/**
 * Makes the request file that the customer uploads to get a license file. It proves the device key, which makes an offline
 * return possible later, and states the serial, so that the license file is newer than what is here.
 */
export const request: Command<{ out?: string }> = async (invocation) => {
  const { folder, out } = invocation.options;
  const settings = await settingsOf(invocation);
  const { installCode, segmentName, softwareVersion } = settings;
  const deviceKey = await requireDeviceKey(folder);
  const store = storeOf(invocation);
  const stored = await store.documents.read(settings);
  const serial = await store.serial(settings);
  const file = await outFile(out, `smartserver-${installCode}-${serial}.req`);
  const { now: createdAt } = timeHere(invocation, stored?.newestIssuedAt ?? null);
  const customerId = settings.cloud?.customerId ?? stored?.document.customerId ?? null;
  const content = { installCode, customerId, segmentName, softwareVersion, serial, createdAt };
  const text = createRequestFile({ ...content, deviceKey, nonce: invocation.machine.uuid() });
  await writeGivenFile(file, text);
  if (!settings.deviceKeyShown) await writeSettings(folder, { ...settings, deviceKeyShown: true });

  const deviceKeyFingerprint = fingerprint(deviceKey);
  const shown = [
    `The request file is ${printable(file)}.`,
    '',
    facts([
      ['Install code', installCode],
      ['Customer ID', customerId ?? 'none yet'],
      ['Serial', String(serial)],
      ['Device key', deviceKeyFingerprint],
    ]),
    '',
    'Sign in to the License Customer Portal, choose the license, and upload this file there. It holds no secret.',
    'Then bring the license file (.lic) that you get back here, and add it with the add command.',
  ].join('\n');
  return { json: { file, ...content, deviceKey: { fingerprint: deviceKeyFingerprint } }, text: shown };
};
