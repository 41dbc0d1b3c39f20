import { parseArgs } from 'node:util';
import type { PutNotificationSettingsRequest } from '@smartserver/contracts';
import type { ReleaseClass } from '@smartserver/rules';
import {
  isUuid,
  readCustomerId,
  readInstallCode,
  readLanguage,
  readName,
  readPath,
  readRecipients,
  readReleaseClass,
  readSwitch,
  readThresholds,
  readUrl,
  readVersion,
  type VersionText,
} from './argument-values.ts';
import { UsageError } from './usage-error.ts';

const options = {
  url: { type: 'string' },
  'install-code': { type: 'string' },
  'customer-id': { type: 'string' },
  'segment-name': { type: 'string' },
  'software-version': { type: 'string' },
  'root-key': { type: 'string' },
  folder: { type: 'string', default: './.smartserver' },
  out: { type: 'string' },
  offline: { type: 'boolean', default: false },
  to: { type: 'string' },
  from: { type: 'string' },
  'release-class': { type: 'string' },
  recipients: { type: 'string' },
  contacts: { type: 'string' },
  thresholds: { type: 'string' },
  expirations: { type: 'string' },
  renewals: { type: 'string' },
  language: { type: 'string' },
  test: { type: 'boolean', default: false },
  'user-type': { type: 'string', default: 'owner' },
  all: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** What each command is given besides options. */
const commands = {
  link: 'nothing',
  init: 'nothing',
  available: 'nothing',
  download: 'licenses',
  licenses: 'nothing',
  return: 'licenses',
  request: 'nothing',
  add: 'file',
  verify: 'nothing',
  coverage: 'nothing',
  'upgrade-check': 'nothing',
  notifications: 'nothing',
} as const;
export type CommandName = keyof typeof commands;

/** Commands that can do without network what they do with it. */
const alsoOffline: readonly string[] = ['return', 'coverage', 'upgrade-check'] satisfies CommandName[];

export type Arguments = {
  command: CommandName | 'help';
  licenseIds: string[];
  all: boolean;
  /** Without network. */
  offline: boolean;
  /** What `upgrade-check` is asked: `to` is always given then. */
  upgrade: { to: VersionText | undefined; from: VersionText | undefined; releaseClass: ReleaseClass | undefined };
  /** What `notifications` is to change; nothing: it shows them. `test`: it sends a test e-mail. */
  notifications: { change: Partial<PutNotificationSettingsRequest>; test: boolean };
  /** The license file that `add` is given. */
  file: string;
  /** Where `request` and `return --offline` write. */
  out: string | undefined;
  yes: boolean;
  json: boolean;
  folder: string;
  userType: string;
  /** What `link` and `init` are given. */
  settings: {
    url?: string;
    installCode?: string;
    customerId?: string;
    segmentName?: string;
    softwareVersion?: string;
    rootKeyFile?: string;
  };
};

/** @throws UsageError */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [name = '', ...rest] = positionals;
  const command = values.help ? 'help' : commandOf(name);
  const licenseIds = command === 'help' ? [] : operandsOf(command, rest, values);
  return {
    command,
    licenseIds,
    all: values.all,
    offline: values.offline,
    upgrade: {
      to: map(values.to, (text) => readVersion('--to', text)),
      from: map(values.from, (text) => readVersion('--from', text)),
      releaseClass: map(values['release-class'], readReleaseClass),
    },
    notifications: { change: notificationChange(values), test: values.test },
    file: rest[0] ?? '',
    out: map(values.out, readPath),
    yes: values.yes,
    json: values.json,
    folder: values.folder,
    userType: values['user-type'],
    settings: {
      url: map(values.url, readUrl),
      installCode: map(values['install-code'], readInstallCode),
      customerId: map(values['customer-id'], readCustomerId),
      segmentName: map(values['segment-name'], (text) => readName(text, 100)),
      softwareVersion: map(values['software-version'], (text) => readName(text, 50)),
      rootKeyFile: values['root-key'],
    },
  };
}

function notificationChange(values: ReturnType<typeof parse>['values']): Partial<PutNotificationSettingsRequest> {
  const { contacts, recipients, thresholds, expirations, renewals, language } = values;
  return {
    ...(contacts === undefined ? {} : { contacts: readSwitch('--contacts', contacts) }),
    ...(recipients === undefined ? {} : { recipients: readRecipients(recipients) }),
    ...(thresholds === undefined ? {} : { thresholds: readThresholds(thresholds) }),
    ...(expirations === undefined ? {} : { expirations: readSwitch('--expirations', expirations) }),
    ...(renewals === undefined ? {} : { renewals: readSwitch('--renewals', renewals) }),
    ...(language === undefined ? {} : { language: readLanguage(language) }),
  };
}

function commandOf(name: string): CommandName {
  if (name === '') throw new UsageError('A command is needed.');
  if (!Object.hasOwn(commands, name)) throw new UsageError('There is no such command.');
  return name as CommandName;
}

/** @returns the License IDs that the command is given, each once */
function operandsOf(
  command: CommandName,
  rest: readonly string[],
  values: ReturnType<typeof parse>['values'],
): string[] {
  const takes = commands[command];
  const { all } = values;
  requireFitting(command, values);
  if (takes === 'licenses' && all === rest.length > 0) throw new UsageError('Give License IDs, or --all.');
  if (takes !== 'licenses' && all) throw new UsageError(`The command ${command} takes no --all.`);
  if (takes === 'file' && (rest.length !== 1 || rest[0] === '')) throw new UsageError('Give one license file.');
  if (takes === 'nothing' && rest.length > 0) throw new UsageError(`The command ${command} takes no License IDs.`);
  if (takes !== 'licenses') return [];
  for (const id of rest) if (!isUuid(id)) throw new UsageError('A License ID is a UUID.');
  return [...new Set(rest.map((id) => id.toLowerCase()))];
}

/** Whether the options are those of the command. */
function requireFitting(command: CommandName, values: ReturnType<typeof parse>['values']): void {
  const { offline, out, to, from, 'release-class': releaseClass } = values;
  if (offline && !alsoOffline.includes(command)) {
    throw new UsageError('--offline goes with return, coverage and upgrade-check.');
  }
  if (out !== undefined && command !== 'request' && !(command === 'return' && offline)) {
    throw new UsageError('--out goes with request and return --offline.');
  }
  if (command !== 'notifications' && (values.test || Object.keys(notificationChange(values)).length > 0)) {
    throw new UsageError(
      '--contacts, --recipients, --thresholds, --expirations, --renewals, --language and --test go with notifications.',
    );
  }
  if (command === 'upgrade-check') {
    if (to === undefined) throw new UsageError('upgrade-check needs --to VERSION.');
    if (releaseClass !== undefined && !offline) {
      throw new UsageError('--release-class goes with --offline: the cloud has the catalogue of releases.');
    }
  } else if (to !== undefined || from !== undefined || releaseClass !== undefined) {
    throw new UsageError('--to, --from and --release-class go with upgrade-check.');
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The options cannot be read.');
  }
}

function map<T>(value: string | undefined, read: (text: string) => T): T | undefined {
  return value === undefined ? undefined : read(value);
}
