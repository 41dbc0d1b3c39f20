import { createInterface } from 'node:readline/promises';

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
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
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
