import type { KeyFolder } from './key-folder.ts';
import type { Terminal } from './terminal.ts';

/** What the options of the command line say. Passphrases are none of them: a command line is seen by others. */
export type Options = {
  folder: string;
  rootKey: string | undefined;
  rootPassphraseFile: string | undefined;
  signingPassphraseFile: string | undefined;
  days: string;
  deleteFormer: boolean;
};

/** The world a command runs in. */
export type World = { terminal: Terminal; env: NodeJS.ProcessEnv; now: () => Date };

/** What a command is given. `positionals`: what follows its name. */
export type Invocation = World & { options: Options; folder: KeyFolder; positionals: string[] };

/** Prints what it did; what it could not do it throws. */
export type Command = (invocation: Invocation) => Promise<void>;
