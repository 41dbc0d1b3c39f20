import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram } from '@smartserver/command-line';
import type { Machine } from '../cloud/api.ts';
import { CmsProblem } from '../problem.ts';
import type { World } from './command.ts';
import { cmsProgram } from './program.ts';
import type { Terminal } from './terminal.ts';
import { printable } from './text.ts';

/** The machine this process runs on. */
export const thisMachine: Machine = {
  now: () => new Date(),
  fetch: (...given) => fetch(...given),
  pause: (milliseconds) => pause(milliseconds),
  uuid: () => randomUUID(),
  random: Math.random,
};

/** Runs one command. @returns the exit code: 0 done, 1 problem, 2 wrong use */
export const runCms = async (argv: readonly string[], world: World): Promise<0 | 1 | 2> => {
  const program = cmsProgram(world, join(import.meta.dirname, '../main.js'));
  try {
    return await runProgram(program, argv, world.terminal);
  } catch (error) {
    report(problemOf(error), program.opts<{ json: boolean }>().json, world.terminal);
    return 1;
  }
};
const report = (problem: CmsProblem, json: boolean, terminal: Terminal): void => {
  const { code, title, detail, advice, items } = problem;
  if (json) {
    terminal.out(JSON.stringify({ problem: { code, title, detail, advice, items } }, null, 2));
    return;
  }
  // Where the cloud has no detail to give, its detail is the advice.
  const lines = [title, ...(detail === advice ? [] : [detail]), ...items.map((item) => `  ${item}`), advice];
  terminal.err(lines.map(printable).join('\n'));
};

/** What is left are troubles with the folder: its file system says which. */
const problemOf = (error: unknown): CmsProblem => {
  if (error instanceof CmsProblem) return error;
  const { code, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || typeof path !== 'string') throw error;
  return new CmsProblem({
    code: 'folder_unusable',
    title: 'The folder of this SmartServer cannot be used',
    detail: `The file system refused ${path} (${code}).`,
    advice: 'Check the rights on the folder and the space on the disk, or give another --folder.',
  });
};
