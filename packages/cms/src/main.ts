#!/usr/bin/env node
import { runCms, thisMachine } from './cli/run.ts';
import { processTerminal } from './cli/terminal.ts';

process.exitCode = await runCms(process.argv.slice(2), { machine: thisMachine, terminal: processTerminal });
