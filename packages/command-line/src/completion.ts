import { Argument, type Command } from 'commander';
import { bashScript, fishScript, zshScript } from './shells.ts';
import { completedOf } from './tree.ts';

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
