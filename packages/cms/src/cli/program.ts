import { addCompletion, createProgram, UsageError } from '@smartserver/command-line';
import { type Command as CommanderCommand, Option } from 'commander';
import type { ChosenLicenses, Command, CommonOptions, World } from './command.ts';
import { add } from './commands/add.ts';
import { available } from './commands/available.ts';
import { coverage } from './commands/coverage.ts';
import { download } from './commands/download.ts';
import { init } from './commands/init.ts';
import { licenses } from './commands/licenses.ts';
import { link } from './commands/link.ts';
import { notifications } from './commands/notifications.ts';
import { request } from './commands/request.ts';
import { returnLicenses } from './commands/return.ts';
import { upgradeCheck } from './commands/upgrade-check.ts';
import { verify } from './commands/verify.ts';
import * as read from './values.ts';

/** The command line: every command with its options, and what runs it. @param path of the program, for completion */
export const cmsProgram = (world: World, path: string): CommanderCommand => {
  const program = createProgram('npm run cms --', world.terminal)
    .description('The SmartServer side of license management.')
    .option('--folder <folder>', 'where device key, settings and licenses are kept', './.smartserver')
    .option('--user-type <type>', 'type of the CMS user; only an owner may manage licenses', 'owner')
    .option('--json', 'print JSON, for machines; problems as well', false)
    .option('--yes', 'answer questions with yes', false)
    .addHelpText(
      'after',
      '\nA setting that link or init was given once need not be given again.\nExit code: 0 done, 1 problem, 2 wrong use.',
    );
  addOnlineCommands(program, world);
  addOfflineCommands(program, world);
  addOtherCommands(program, world);
  addCompletion(program, { name: 'cms', path });
  return program;
};

const addOnlineCommands = (program: CommanderCommand, world: World): void => {
  program.commandsGroup('With network:');
  withIdentity(program.command('link').description('link this SmartServer to a customer/project'))
    .option('--url <url>', 'address of the cloud', read.readUrl)
    .option('--customer-id <id>', 'of the customer/project, as the partner gave it', read.readCustomerId)
    .action(running(world, link));
  program
    .command('available')
    .description('licenses that the account has in the cloud')
    .action(running(world, available));
  withLicenses(
    program.command('download').description('download licenses from the cloud and activate them here'),
  ).action(running(world, download, requireLicenses));
  program
    .command('notifications')
    .description('who is notified by e-mail that maintenance ends, and when; with options it is changed')
    .addOption(onOff('--contacts', 'whether the contacts of the account are notified'))
    .option('--recipients <addresses>', 'further e-mail addresses, with commas between, or none', read.readRecipients)
    .option('--thresholds <days>', 'days before the end, with commas between, or none', read.readThresholds)
    .addOption(onOff('--expirations', 'whether the end of maintenance is announced'))
    .addOption(onOff('--renewals', 'whether renewals are announced'))
    .addOption(
      new Option('--language <language>', 'of the e-mails to further recipients')
        .choices(['en', 'de'])
        .argParser(read.readLanguage),
    )
    .option('--test', 'send all of them a test e-mail', false)
    .action(running(world, notifications));
};

const addOfflineCommands = (program: CommanderCommand, world: World): void => {
  program.commandsGroup('Without network:');
  withIdentity(program.command('init').description('set up a SmartServer that never sees the network')).action(
    running(world, init),
  );
  program
    .command('request')
    .description('make a request file (.req) for the License Customer Portal')
    .option('--out <file>', 'where it is written', read.readPath)
    .action(running(world, request));
  program
    .command('add')
    .description('add licenses from a license file (.lic)')
    .argument('<FILE>', 'the license file', read.readFileOperand)
    .action(running(world, add, (_options, file: string) => ({ file })));
};

const addOtherCommands = (program: CommanderCommand, world: World): void => {
  program.commandsGroup('With or without network:');
  withLicenses(program.command('return').description('transfer licenses back to the cloud'))
    .option('--offline', 'remove them here and make the receipt (.ret) that frees them in the cloud', false)
    .option('--out <file>', 'with --offline: where the receipt is written', read.readPath)
    .action(running(world, returnLicenses, requireLicenses));
  program.command('licenses').description('the Manage Licenses table').action(running(world, licenses));
  program
    .command('upgrade-check')
    .description('may this SmartServer install that release?')
    .requiredOption('--to <version>', 'the release', (text) => read.readVersion('--to', text))
    .option('--from <version>', 'the version that runs here', (text) => read.readVersion('--from', text))
    .option('--offline', 'judge by the stored license document instead of asking the cloud', false)
    .addOption(
      new Option('--release-class <class>', 'with --offline: what kind of release it is')
        .choices(read.releaseClasses)
        .argParser(read.readReleaseClass),
    )
    .action(running(world, upgradeCheck));
  program
    .command('coverage')
    .description('does its maintenance cover its capacity, and until when?')
    .option('--offline', 'judge by the stored license document instead of asking the cloud', false)
    .action(running(world, coverage));
  program
    .command('verify')
    .description('verify the stored license document: root key only, no network')
    .action(running(world, verify));
};

const withIdentity = (command: CommanderCommand): CommanderCommand =>
  command
    .option('--install-code <code>', 'of this SmartServer', read.readInstallCode)
    .option('--segment-name <name>', 'what the segment controller is called', (text) => read.readName(text, 100))
    .option('--software-version <version>', 'what runs here', (text) => read.readName(text, 50))
    .option('--root-key <file>', 'the root public key, as it comes with the firmware');

const withLicenses = (command: CommanderCommand): CommanderCommand =>
  command.argument('[LICENSE_ID...]', 'the licenses', read.addLicenseId).option('--all', 'all licenses', false);

const onOff = (name: string, description: string): Option =>
  new Option(`${name} <switch>`, description).choices(['on', 'off']).argParser((text) => read.readSwitch(name, text));

/** @throws UsageError unless there are either License IDs or --all */
const requireLicenses = ({ all }: { all: boolean }, licenseIds: string[] = []): ChosenLicenses => {
  if (all === licenseIds.length > 0) throw new UsageError('Give License IDs, or --all.');
  return { licenseIds, all };
};

/** @param operand makes options of what follows the options */
const running =
  <Own, Operand>(
    { machine, terminal }: World,
    run: Command<Own>,
    operand?: (options: CommonOptions & { all: boolean }, given: Operand) => Partial<Own>,
  ) =>
  async (...given: unknown[]): Promise<void> => {
    const command = given.at(-1) as CommanderCommand;
    // Commander's options are of any type: the parsers above say which one.
    const options = command.optsWithGlobals();
    Object.assign(options, operand?.(options as never, command.processedArgs[0]));
    const { json, text } = await run({ options: options as CommonOptions & Own, machine, terminal });
    terminal.out(options.json ? JSON.stringify(json, null, 2) : text);
  };
