import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { addCompletion, createProgram, runProgram } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
mkdirSync(join(folder, 'keys of 2026'));
writeFileSync(join(folder, "a root's key.pem"), '');

/** The script of a small program, as it is printed. */
const script = async (shell: string): Promise<string> => {
  let printed = '';
  const output = {
    out: (text: string) => {
      printed += text;
    },
    err: (text: string) => {
      throw new Error(text);
    },
  };
  const program = createProgram('npm run box --', output).option('--folder <folder>', "where it's kept");
  program.command('open').description("open it: one's own").argument('<FILE>').option('--all', 'all');
  program
    .command('list')
    .addOption(new Option('--sort <order>').choices(['up', 'down']))
    .option('--name <text>');
  addCompletion(program, { name: 'box', path: "/opt/it's/main.js" });
  expect(await runProgram(program, ['completion', shell], output)).toBe(0);
  return printed;
};

/** What is offered for the last of these words, as `complete` of the shell says it. */
const inBash = async (...words: string[]): Promise<string[]> => {
  const list = words.map((word) => `'${word}'`).join(' ');
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '--norc',
      '-c',
      `source /dev/stdin <<< "$SCRIPT"; complete -p box >/dev/null || exit 1
       COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _box; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ],
    { encoding: 'utf8', cwd: folder, env: { PATH: process.env.PATH ?? '', SCRIPT: await script('bash') } },
  );
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
};

test.each([
  ['commands', ['box', ''], ['open', 'list', 'completion']],
  ['the beginning of a command', ['box', 'li'], ['list']],
  ['a command after options', ['box', '--folder', 'list', 'o'], ['open']],
  ['options of a command and of the program', ['box', 'open', '--'], ['--all', '--help', '--folder']],
  ['options of the program alone', ['box', '-'], ['--folder', '--help']],
  ['the words an option takes', ['box', 'list', '--sort', ''], ['up', 'down']],
  ['nothing for a text', ['box', 'list', '--name', ''], []],
  ['files for an operand', ['box', 'open', 'a r'], ["a root's key.pem"]],
  ['folders for an option', ['box', 'open', '--folder', ''], ['keys of 2026']],
  ['shells', ['box', 'completion', 'z'], ['zsh']],
] as const)('bash is offered %s', async (_name, words, offered) => {
  expect(await inBash(...words)).toEqual(offered);
});

test('fish and zsh are given every command and option, with what it is for', async () => {
  for (const shell of ['zsh', 'fish']) {
    const text = await script(shell);
    for (const part of ['open', 'list', 'completion', 'folder', 'all', 'sort', 'up down']) expect(text).toContain(part);
  }
  expect(await script('fish')).toContain("-a open -d 'open it: one\\'s own'");
});

test('where there is no such program, the script defines it', async () => {
  expect(await script('bash')).toContain(`box() { node '/opt/it'\\''s/main.js' "$@"; }`);
});
