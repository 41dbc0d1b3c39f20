import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Machine } from '../cloud/api.ts';
import { CmsProblem } from '../problem.ts';
import { type Arguments, type CommandName, readArguments } from './arguments.ts';
import type { Command } from './command.ts';
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
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';
import { usage } from './usage.ts';
import { UsageError } from './usage-error.ts';

const commands: Readonly<Record<CommandName, Command>> = {
  link,
  init,
  available,
  download,
  licenses,
  return: returnLicenses,
  request,
  add,
  verify,
  coverage,
  'upgrade-check': upgradeCheck,
  notifications,
};

/** The machine this process runs on. */
export const thisMachine: Machine = {
  now: () => new Date(),
  fetch: (...given) => fetch(...given),
  pause: (milliseconds) => pause(milliseconds),
  uuid: () => randomUUID(),
  random: Math.random,
};

/** Runs one command. @returns the exit code: 0 done, 1 problem, 2 wrong use */
export async function runCms(
  argv: readonly string[],
  { machine, terminal }: { machine: Machine; terminal: Terminal },
): Promise<0 | 1 | 2> {
  let given: Arguments | null = null;
  try {
    given = readArguments(argv);
    if (given.command === 'help') {
      terminal.out(usage);
      return 0;
    }
    const { json, text } = await commands[given.command]({ arguments: given, machine, terminal });
    terminal.out(given.json ? JSON.stringify(json, null, 2) : text);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.err(`${error.message}\n\n${usage}`);
      return 2;
    }
    report(problemOf(error), given?.json ?? false, terminal);
    return 1;
  }
}

function report(problem: CmsProblem, json: boolean, terminal: Terminal): void {
  const { code, title, detail, advice, items } = problem;
  if (json) {
    terminal.out(JSON.stringify({ problem: { code, title, detail, advice, items } }, null, 2));
    return;
  }
  // Where the cloud has no detail to give, its detail is the advice.
  const lines = [title, ...(detail === advice ? [] : [detail]), ...items.map((item) => `  ${item}`), advice];
  terminal.err(lines.map(printable).join('\n'));
}

/** What is left are troubles with the folder: its file system says which. */
function problemOf(error: unknown): CmsProblem {
  if (error instanceof CmsProblem) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof path !== 'string') throw error;
  return new CmsProblem({
    code: 'folder_unusable',
    title: 'The folder of this SmartServer cannot be used',
    detail: `The file system refused ${path} (${code}).`,
    advice: 'Check the rights on the folder and the space on the disk, or give another --folder.',
  });
}
