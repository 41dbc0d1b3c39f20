#!/usr/bin/env node
import { runKeys } from './run.ts';
import { processTerminal } from './terminal.ts';

process.exitCode = await runKeys(process.argv.slice(2), {
  terminal: processTerminal,
  env: process.env,
  now: () => new Date(),
});
