/** What the command lines of this repository share: a commander program that is run in tests as well, and shell completion. */
export { addCompletion } from './completion.ts';
export { printerTo } from './printer.ts';
export { createProgram, type Output, runProgram, UsageError } from './program.ts';
