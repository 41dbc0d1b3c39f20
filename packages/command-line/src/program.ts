import { Command, CommanderError, Help } from 'commander';

/** Wrong use that commander does not notice by itself. The message is one line, and says what is needed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Where a command line writes. Each text is without the last line end. */
export type Output = { out: (text: string) => void; err: (text: string) => void };

/** A commander program that neither writes by itself nor ends the process. @param usage how it is called: `npm run cms --` */
export const createProgram = (usage: string, { out, err }: Output): Command =>
  new Command(usage)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => out(text.trimEnd()),
      writeErr: (text) => err(text.trimEnd()),
      // Errors are printed by runProgram, on one line.
      outputError: () => undefined,
    })
    .configureHelp({
      showGlobalOptions: true,
      // A switch is off by default: help need not say so.
      optionDescription(option) {
        return option.defaultValue === false ? option.description : Help.prototype.optionDescription.call(this, option);
      },
    });

/**
 * Runs a program. Wrong use gives one line that names the help to look at. What commands throw is thrown on.
 * @param wording text for an error of commander; null for commander's own, which repeats what was typed
 * @returns the exit code: 0 done, 2 wrong use
 */
export const runProgram = async (
  program: Command,
  argv: readonly string[],
  { err }: Output,
  wording: (error: CommanderError) => string | null = () => null,
): Promise<0 | 2> => {
  let current = program;
  program.hook('preSubcommand', (_program, command) => {
    current = command;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Without a command commander has printed the whole help already.
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    if (!(error instanceof CommanderError || error instanceof UsageError)) throw error;
    const message = error instanceof UsageError ? error.message : (wording(error) ?? ownWords(error));
    err(`${message} Usage: ${[program.name(), ...(current === program ? [] : [current.name()]), '--help'].join(' ')}`);
    return 2;
  }
};

/** "error: unknown option '--foldr'\n(Did you mean --folder?)" as a sentence on one line. */
const ownWords = ({ message }: CommanderError): string => {
  const [first = '', ...more] = message.replace(/^error: /, '').split('\n');
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}`;
  return [/[.?!)]$/.test(sentence) ? sentence : `${sentence}.`, ...more].join(' ');
};
