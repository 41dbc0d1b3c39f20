import { Argument, type Command, type Option } from 'commander';
import { bashScript, fishScript, zshScript } from './shells.ts';

/** What may follow: files, folders, some of a few words, or a text that nobody can guess. */
export type Values = 'files' | 'folders' | 'text' | readonly string[];
/** `values` is null for an option that takes none. */
export type CompletedOption = { name: string; description: string; values: Values | null };
export type CompletedCommand = { name: string; description: string; options: CompletedOption[]; operands: Values };
export type Completed = { name: string; path: string; options: CompletedOption[]; commands: CompletedCommand[] };

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };

/**
 * Adds the command `completion`, which prints a script for a shell.
 *
 * Made from commander's own tree of commands, instead of by a library: of those that read it only `@bomb.sh/tab` (0.0.22) is kept
 * up, and its answers always forbid file names, which is what is mostly completed here (`add FILE`, `--root-key`, `--folder`).
 * It also starts the program at each Tab, by a name that must be on the PATH. The others (tabtab, omelette, commander-completion)
 * have had no release for years or know bash alone. An option has the same values in all commands of a program.
 *
 * @param name what is typed before the Tab; the script defines a function of that name unless there is a program
 * @param path of the program
 */
export const addCompletion = (program: Command, { name, path }: { name: string; path: string }): void => {
  program
    .commandsGroup('Other:')
    .helpCommand('help [command]', 'display help for command')
    .command('completion')
    .description('print a script for completion with Tab')
    .addArgument(new Argument('<shell>', 'which shell').choices(Object.keys(scripts)))
    .addHelpText('after', `\n  bash, zsh:  source <(${program.name().replace('run', 'run --silent')} completion bash)`)
    .addHelpText('after', `  fish:       ${program.name().replace('run', 'run --silent')} completion fish | source`)
    .action((shell: keyof typeof scripts, _options, command: Command) => {
      const script = scripts[shell](completedOf(program, { name, path }));
      command.configureOutput().writeOut?.(script);
    });
};

const completedOf = (program: Command, { name, path }: { name: string; path: string }): Completed => ({
  name,
  path,
  options: optionsOf(program),
  commands: program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: optionsOf(command),
    operands: operandsOf(command.registeredArguments),
  })),
});

const optionsOf = (command: Command): CompletedOption[] => [
  ...command.options.map((option) => ({
    name: option.long ?? '',
    description: option.description,
    values: option.required ? valuesOf(option) : null,
  })),
  { name: '--help', description: 'display help for command', values: null },
];

const valuesOf = ({ flags, argChoices }: Option): Values => argChoices ?? valuesNamed(flags);

const operandsOf = ([argument]: readonly Argument[]): Values =>
  argument ? (argument.argChoices ?? valuesNamed(argument.name())) : 'text';

/** By the name of the value: `--root-key <file>`, `--folder <folder>`. */
const valuesNamed = (name: string): Values =>
  /\bfolder>?$/i.test(name) ? 'folders' : /\bfile>?$/i.test(name) ? 'files' : 'text';
