import type { Argument, Command, Option } from 'commander';

/** What may follow: files, folders, some of a few words, or a text that cannot be guessed. */
export type Values = 'files' | 'folders' | 'text' | readonly string[];
/** `values` is null for an option that takes none. */
export type CompletedOption = { name: string; description: string; values: Values | null };
type CompletedCommand = { name: string; description: string; options: CompletedOption[]; operands: Values };
export type Completed = { name: string; path: string; options: CompletedOption[]; commands: CompletedCommand[] };

/** Commander's tree of commands, as far as completion needs it. */
export const completedOf = (program: Command, { name, path }: { name: string; path: string }): Completed => ({
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
