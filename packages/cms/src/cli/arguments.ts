import { parseArgs } from 'node:util';
import { normalizeInstallCode } from '@smartserver/rules';

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
} as const;
export type CommandName = keyof typeof commands;

export type Arguments = {
  command: CommandName | 'help';
  licenseIds: string[];
  all: boolean;
  /** `return` without network. */
  offline: boolean;
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

/** The command line was used wrongly: the message says how, the usage follows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

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

function commandOf(name: string): CommandName {
  if (name === '') throw new UsageError('A command is needed.');
  if (!Object.hasOwn(commands, name)) throw new UsageError('There is no such command.');
  return name as CommandName;
}

/** @returns the License IDs that the command is given, each once */
function operandsOf(
  command: CommandName,
  rest: readonly string[],
  { all, offline, out }: { all: boolean; offline: boolean; out?: string | undefined },
): string[] {
  const takes = commands[command];
  if (offline && command !== 'return') throw new UsageError('--offline goes with return.');
  if (out !== undefined && command !== 'request' && !offline) {
    throw new UsageError('--out goes with request and return --offline.');
  }
  if (takes === 'licenses' && all === rest.length > 0) throw new UsageError('Give License IDs, or --all.');
  if (takes !== 'licenses' && all) throw new UsageError(`The command ${command} takes no --all.`);
  if (takes === 'file' && (rest.length !== 1 || rest[0] === '')) throw new UsageError('Give one license file.');
  if (takes === 'nothing' && rest.length > 0) throw new UsageError(`The command ${command} takes no License IDs.`);
  if (takes !== 'licenses') return [];
  for (const id of rest) if (!uuid.test(id)) throw new UsageError('A License ID is a UUID.');
  return [...new Set(rest.map((id) => id.toLowerCase()))];
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

/** As the cloud and request files take it. */
function readName(text: string, maxLength: number): string {
  const name = text.trim();
  if (name === '') throw new UsageError('A name or version must not be empty.');
  if ([...name].length > maxLength || /[\p{Cc}\p{Cs}]/u.test(name)) {
    throw new UsageError(
      `A segment name has at most 100, a version at most 50 characters, none of them a control character.`,
    );
  }
  return name;
}

function readPath(text: string): string {
  if (text === '') throw new UsageError('--out needs the name of a file.');
  return text;
}
