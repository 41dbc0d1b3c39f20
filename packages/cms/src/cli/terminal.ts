import { createInterface } from 'node:readline/promises';
import { printerTo } from '@smartserver/command-line';

/** Where a command writes and asks. */
export type Terminal = {
  out(text: string): void;
  /** Remarks and problems: never mixed into what a machine reads. */
  err(text: string): void;
  /** @returns null when there is no terminal to ask on */
  confirm(question: string): Promise<boolean | null>;
};

/** The terminal of this process. */
export const processTerminal: Terminal = {
  out: printerTo(process.stdout),
  err: printerTo(process.stderr),
  async confirm(question) {
    if (!process.stdin.isTTY) return null;
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await lines.question(`${question} [y/N] `);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  },
};
