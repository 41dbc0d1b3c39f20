import { UsageError } from '@smartserver/command-line';
import type { Language } from '@smartserver/contracts';
import { normalizeInstallCode, parseVersion, type ReleaseClass, type SmartServerVersion } from '@smartserver/rules';

/** A version as it was typed, and what it says. */
export type VersionText = { text: string; version: SmartServerVersion };

const isUuid = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

export const readUrl = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (
    !url ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username ||
    url.pathname !== '/' ||
    url.search ||
    url.hash
  ) {
    throw new UsageError('--url must be an address like https://licenses.example.com.');
  }
  return url.origin;
};

export const readInstallCode = (text: string): string => {
  const code = normalizeInstallCode(text);
  if (code === null) throw new UsageError('--install-code must have 8 to 64 letters, digits or hyphens.');
  return code;
};

export const readCustomerId = (text: string): string => {
  if (!isUuid(text.trim())) throw new UsageError('--customer-id must be a UUID, as the partner gave it.');
  return text.trim().toLowerCase();
};

/** As the cloud and request files take it. */
export const readName = (text: string, maxLength: number): string => {
  const name = text.trim();
  if (name === '') throw new UsageError('A name or version must not be empty.');
  if ([...name].length > maxLength || /[\p{Cc}\p{Cs}]/u.test(name)) {
    throw new UsageError(
      `A segment name has at most 100, a version at most 50 characters, none of them a control character.`,
    );
  }
  return name;
};

export const readPath = (text: string): string => {
  if (text === '') throw new UsageError('--out needs the name of a file.');
  return text;
};

export const readFileOperand = (text: string): string => {
  if (text === '') throw new UsageError('Give one license file.');
  return text;
};

/** One more License ID. @param before those before it */
export const addLicenseId = (text: string, before: readonly string[] | undefined): string[] => {
  if (!isUuid(text)) throw new UsageError('A License ID is a UUID.');
  return [...new Set([...(before ?? []), text.toLowerCase()])];
};

/** @param option by which it was given */
export const readVersion = (option: string, text: string): VersionText => {
  const version = parseVersion(text);
  if (version === null) throw new UsageError(`${option} must be a version like 3.3, "3.3 Update 1" or 4.40.012.`);
  return { text: text.trim(), version };
};

export const releaseClasses: readonly string[] = ['major', 'minor', 'update', 'platform'] satisfies ReleaseClass[];

export const readReleaseClass = (text: string): ReleaseClass => {
  if (!releaseClasses.includes(text))
    throw new UsageError(`--release-class must be one of ${releaseClasses.join(', ')}.`);
  return text as ReleaseClass;
};

/** @param option by which it was given */
export const readSwitch = (option: string, text: string): boolean => {
  if (text !== 'on' && text !== 'off') throw new UsageError(`${option} must be on or off.`);
  return text === 'on';
};

export const readLanguage = (text: string): Language => {
  if (text !== 'en' && text !== 'de') throw new UsageError('--language must be en or de.');
  return text;
};

/** A list with commas between; `none` is an empty one. */
const readList = (text: string): string[] => {
  const items = text.split(',').map((item) => item.trim());
  return text.trim() === 'none' ? [] : [...new Set(items)];
};

export const readThresholds = (text: string): number[] => {
  const items = readList(text);
  if (!items.every((item) => /^\d{1,3}$/.test(item) && Number(item) <= 730)) {
    throw new UsageError('--thresholds must be days from 0 to 730 with commas between, or none.');
  }
  return items.map(Number);
};

export const readRecipients = (text: string): string[] => {
  const items = readList(text);
  if (!items.every((item) => /^[^\s@]+@[^\s@]+$/.test(item))) {
    throw new UsageError('--recipients must be e-mail addresses with commas between, or none.');
  }
  return items;
};
