import { parseArgs } from 'node:util';
import { DocumentError, KeyError } from '../errors.ts';
import type { Command, Options, World } from './command.ts';
import { createRoot } from './commands/create-root.ts';
import { printFingerprints } from './commands/fingerprint.ts';
import { inspect } from './commands/inspect.ts';
import { revoke } from './commands/revoke.ts';
import { issueSigningKey, rotate } from './commands/signing-keys.ts';
import { KeysError, UsageError } from './errors.ts';
import { KeyFolder } from './key-folder.ts';

const commands: Readonly<Record<string, Command>> = {
  'create-root': createRoot,
  'issue-signing-key': issueSigningKey,
  rotate,
  revoke,
  fingerprint: printFingerprints,
  inspect,
};

const usage = `Keys behind the license documents.

  create-root              make the root key (once; keep it offline)
  issue-signing-key        make a signing key and certify it        --days 730
  rotate                   make a new signing key in the place of the former   --days 730, --delete-former
  revoke NAME…             state that signing keys are not to be trusted any more
  fingerprint [FILE…]      kid and fingerprint of public keys and certificates, or of all in the folder
  inspect FILE             what a .lic, .req, .ret, document, certificate, statement or key is, and whether it is genuine

  --folder FOLDER                  where the keys are (license-keys)
  --root-key FILE                  a root key that lies elsewhere; its public half for inspect
  --root-passphrase-file FILE      else LICENSE_ROOT_PASSPHRASE, else you are asked
  --signing-passphrase-file FILE   else LICENSE_KEY_PASSPHRASE, else you are asked`;

/** Runs one command. @returns the exit code: 0 done, 1 refused, 2 not understood */
export async function runKeys(args: string[], world: World): Promise<number> {
  const { terminal } = world;
  try {
    const { name, options, positionals } = parse(args);
    if (name === 'help') {
      terminal.out(usage);
      return 0;
    }
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new UsageError('There is no such command.');
    await command({ ...world, options, positionals, folder: new KeyFolder(options.folder) });
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n\n${usage}`);
      return 2;
    }
    const isExpected = error instanceof KeysError || error instanceof KeyError || error instanceof DocumentError;
    const code = (error as NodeJS.ErrnoException).code;
    if (!isExpected && code === undefined) throw error;
    terminal.err((error as Error).message);
    return 1;
  }
}

function parse(args: string[]): { name: string; options: Options; positionals: string[] } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        folder: { type: 'string', default: 'license-keys' },
        'root-key': { type: 'string' },
        'root-passphrase-file': { type: 'string' },
        'signing-passphrase-file': { type: 'string' },
        days: { type: 'string', default: '730' },
        'delete-former': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [name = 'help', ...rest] = positionals;
    return {
      name: values.help ? 'help' : name,
      positionals: rest,
      options: {
        folder: values.folder,
        rootKey: values['root-key'],
        rootPassphraseFile: values['root-passphrase-file'],
        signingPassphraseFile: values['signing-passphrase-file'],
        days: values.days,
        deleteFormer: values['delete-former'],
      },
    };
  } catch {
    // The parser's message repeats what was typed, which might be a passphrase in the wrong place.
    throw new UsageError('That option is not known, or its value is missing. Passphrases are never given as options.');
  }
}
