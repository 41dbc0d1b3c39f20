import type { KeyFolder } from './key-folder.ts';
import type { Terminal } from './terminal.ts';

/** The options of all commands: the lower ones are undefined where a command does not have them. */
export type Options = {
  folder: string;
  rootKey?: string;
  rootPassphraseFile?: string;
  signingPassphraseFile?: string;
  days: number;
  deleteFormer: boolean;
  json: boolean;
};

/** The world a command runs in. */
export type World = { terminal: Terminal; env: NodeJS.ProcessEnv; now: () => Date };

/** What a command is given. `positionals`: what follows its name. */
export type Invocation = World & { options: Options; folder: KeyFolder; positionals: string[] };

/** Prints what it did; what it could not do it throws. */
export type Command = (invocation: Invocation) => Promise<void>;
