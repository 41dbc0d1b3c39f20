import { parseArgs } from 'node:util';
import { normalizeInstallCode } from '@smartserver/rules';

export const usage = `Usage: npm run cms -- COMMAND [options]

The SmartServer side of license management.

Commands
  link --url URL --install-code CODE --customer-id ID    link this SmartServer to a customer/project
       [--segment-name NAME] [--software-version VERSION] [--root-key FILE]
  available                                              licenses that the account has in the cloud
  download LICENSE_ID… | --all                           download licenses from the cloud and activate them here
  licenses                                               the Manage Licenses table
  return LICENSE_ID… | --all [--yes]                     transfer licenses back to the cloud
  verify                                                 verify the stored license document: root key only, no network

Options
  --folder FOLDER      where device key, settings and licenses are kept (./.smartserver)
  --user-type TYPE     type of the CMS user; only an owner may manage licenses (owner)
  --json               print JSON, for machines
  --yes                answer questions with yes
  --help               print this

A setting that link was given once need not be given again. Exit code: 0 done, 1 problem, 2 wrong use.`;

const options = {
  url: { type: 'string' },
  'install-code': { type: 'string' },
  'customer-id': { type: 'string' },
  'segment-name': { type: 'string' },
  'software-version': { type: 'string' },
  'root-key': { type: 'string' },
  folder: { type: 'string', default: './.smartserver' },
  'user-type': { type: 'string', default: 'owner' },
  all: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const commandNames = ['link', 'available', 'download', 'licenses', 'return', 'verify'] as const;
export type CommandName = (typeof commandNames)[number];

export type Arguments = {
  command: CommandName | 'help';
  licenseIds: string[];
  all: boolean;
  yes: boolean;
  json: boolean;
  folder: string;
  userType: string;
  link: {
    url?: string;
    installCode?: string;
    customerId?: string;
    segmentName?: string;
    softwareVersion?: string;
    rootKeyFile?: string;
  };
};

/** The command line was used wrongly: the message says how, the usage follows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @throws UsageError */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  const command = values.help ? 'help' : commandNames.find((known) => known === name);
  if (!command) throw new UsageError(name === undefined ? 'A command is needed.' : 'There is no such command.');
  const takesLicenses = command === 'download' || command === 'return';
  if (takesLicenses && values.all === rest.length > 0) throw new UsageError('Give License IDs, or --all.');
  if (!takesLicenses && command !== 'help' && (rest.length > 0 || values.all)) {
    throw new UsageError(`The command ${command} takes no License IDs.`);
  }
  for (const id of rest) if (!uuid.test(id)) throw new UsageError('A License ID is a UUID.');
  return {
    command,
    licenseIds: [...new Set(rest.map((id) => id.toLowerCase()))],
    all: values.all,
    yes: values.yes,
    json: values.json,
    folder: values.folder,
    userType: values['user-type'],
    link: {
      url: map(values.url, readUrl),
      installCode: map(values['install-code'], readInstallCode),
      customerId: map(values['customer-id'], readCustomerId),
      segmentName: map(values['segment-name'], readName),
      softwareVersion: map(values['software-version'], readName),
      rootKeyFile: values['root-key'],
    },
  };
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

function readUrl(text: string): string {
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
}

function readInstallCode(text: string): string {
  const code = normalizeInstallCode(text);
  if (code === null) throw new UsageError('--install-code must have 8 to 64 letters, digits or hyphens.');
  return code;
}

function readCustomerId(text: string): string {
  if (!uuid.test(text.trim())) throw new UsageError('--customer-id must be a UUID, as the partner gave it.');
  return text.trim().toLowerCase();
}

function readName(text: string): string {
  if (text.trim() === '') throw new UsageError('A name or version must not be empty.');
  return text.trim();
}
