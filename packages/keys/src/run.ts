import { join } from 'node:path';
import { addCompletion, createProgram, runProgram, UsageError } from '@smartserver/command-line';
import { DocumentError, KeyError } from '@smartserver/license-document';
import type { Command as CommanderCommand, CommanderError } from 'commander';
import type { Command, Options, World } from './command.ts';
import { createRoot } from './commands/create-root.ts';
import { printFingerprints } from './commands/fingerprint.ts';
import { inspect } from './commands/inspect.ts';
import { revoke } from './commands/revoke.ts';
import { issueSigningKey, rotate } from './commands/signing-keys.ts';
import { KeysError } from './errors.ts';
import { KeyFolder } from './key-folder.ts';

const maxDays = 3660;

/** Runs one command. @returns the exit code: 0 done, 1 refused, 2 not understood */
export const runKeys = async (args: readonly string[], world: World): Promise<0 | 1 | 2> => {
  const { terminal } = world;
  const program = keysProgram(world);
  try {
    return await runProgram(program, args.length === 0 ? ['--help'] : args, terminal, wording);
  } catch (error) {
    const isExpected = error instanceof KeysError || error instanceof KeyError || error instanceof DocumentError;
    const code = (error as { code?: string }).code;
    if (!isExpected && code === undefined) throw error;
    const { message } = error as Error;
    if (args.includes('--json')) terminal.out(JSON.stringify({ problem: { code: code ?? null, message } }, null, 2));
    else terminal.err(message);
    return 1;
  }
};

/** Every command with its options. Passphrases are none of them: a command line is seen by others. */
const keysProgram = (world: World): CommanderCommand => {
  const program = createProgram('npm run keys --', world.terminal)
    .description('Keys behind the license documents.')
    .option('--folder <folder>', 'where the keys are', 'license-keys')
    .option('--root-key <file>', 'a root key that lies elsewhere; its public half for inspect')
    .option('--root-passphrase-file <file>', 'else LICENSE_ROOT_PASSPHRASE, else you are asked')
    .option('--signing-passphrase-file <file>', 'else LICENSE_KEY_PASSPHRASE, else you are asked')
    .addHelpText('after', '\nExit code: 0 done, 1 refused, 2 wrong use.');
  program
    .command('create-root')
    .description('make the root key (once; keep it offline)')
    .action(running(world, createRoot));
  withDays(program.command('issue-signing-key').description('make a signing key and certify it')).action(
    running(world, issueSigningKey),
  );
  withDays(program.command('rotate').description('make a new signing key in the place of the former'))
    .option('--delete-former', 'delete the private keys of the former ones here', false)
    .action(running(world, rotate));
  program
    .command('revoke')
    .description('state that signing keys are not to be trusted any more')
    .argument('<NAME...>', 'name or kid of a signing key, as fingerprint prints them')
    .action(running(world, revoke));
  program
    .command('fingerprint')
    .description('kid and fingerprint of public keys and certificates, or of all in the folder')
    .argument('[FILE...]', 'public keys and certificates')
    .option('--json', 'print JSON, for machines', false)
    .action(running(world, printFingerprints));
  program
    .command('inspect')
    .description('what a .lic, .req, .ret, document, certificate, statement or key is, and whether it is genuine')
    .argument('<FILE>', 'the file')
    .option('--json', 'print JSON, for machines', false)
    .action(running(world, inspect));
  addCompletion(program, { name: 'keys', path: join(import.meta.dirname, 'main.js') });
  return program;
};

const withDays = (command: CommanderCommand): CommanderCommand =>
  command.option('--days <count>', 'for which it is certified', readDays, 730);

const readDays = (text: string): number => {
  const days = Number(text);
  if (!/^\d+$/.test(text) || days < 1 || days > maxDays) {
    throw new UsageError(`--days takes a whole number from 1 to ${maxDays}.`);
  }
  return days;
};

const running =
  (world: World, run: Command) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as CommanderCommand;
    const options = command.optsWithGlobals<Options>();
    await run({ ...world, options, positionals: command.args, folder: new KeyFolder(options.folder) });
  };

/** What was typed is not repeated where it might be a passphrase in the wrong place. */
const wording = ({ code }: CommanderError): string | null => {
  if (code === 'commander.missingArgument' || code === 'commander.excessArguments') return null;
  if (code === 'commander.unknownCommand') return 'There is no such command.';
  return 'That option or value is not known, or a value is missing. Passphrases are never given as options.';
};
