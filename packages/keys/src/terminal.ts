import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { printerTo } from '@smartserver/command-line';

/** Where a command writes, and how it asks for a secret. */
export type Terminal = {
  out: (line: string) => void;
  err: (line: string) => void;
  /** Asks without showing what is typed; null when there is no terminal. */
  askSecret: (question: string) => Promise<string | null>;
};

export const processTerminal: Terminal = {
  out: printerTo(process.stdout),
  err: printerTo(process.stderr),
  askSecret: (question) => (process.stdin.isTTY ? askHidden(question) : Promise.resolve(null)),
};

const askHidden = (question: string): Promise<string | null> => {
  process.stderr.write(question);
  // Readline echoes into its output: this one shows nothing.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  return new Promise((resolve) => {
    let answer: string | null = null;
    reader.question('', (typed) => {
      answer = typed;
      reader.close();
    });
    // Ctrl-C and Ctrl-D close without an answer.
    reader.on('close', () => {
      process.stderr.write('\n');
      resolve(answer);
    });
  });
};
