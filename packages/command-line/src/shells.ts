import type { Completed, CompletedOption, Values } from './tree.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const functionName = ({ name }: Completed): string => `_${name.replaceAll(/\W/g, '_')}`;

/** Every option that takes a value, once: `--folder` of the program and of its commands is the same. */
const optionsWithValues = ({ options, commands }: Completed): { name: string; values: Values }[] => {
  const all = [options, ...commands.map((command) => command.options)].flat();
  const byName = new Map(all.map(({ name, values }) => [name, values]));
  return [...byName].flatMap(([name, values]) => (values === null ? [] : [{ name, values }]));
};

/** The command that was typed, in bash and zsh. @param first index of the first word after the program */
const findCommand = (completed: Completed, word: string, first: number, end: string): string =>
  `  for ((index = ${first}; index < ${end}; index += 1)); do
    case "${word}" in
      ${optionsWithValues(completed)
        .map(({ name }) => name)
        .join('|')}) ((index += 1)) ;;
      -*) ;;
      *) command="${word}"; break ;;
    esac
  done`;

/** No program of that name is on the PATH: it is run by npm. */
const shellFunction = ({ name, path }: Completed): string =>
  `command -v ${name} >/dev/null || ${name}() { node ${quoted(path)} "$@"; }`;

/** For bash from 3.2 on, without the package bash-completion. */
export const bashScript = (completed: Completed): string => {
  const { name, options, commands } = completed;
  const reply = (values: Values): string => {
    if (values === 'text') return ':';
    const found = { files: '-f', folders: '-d' };
    if (values === 'files' || values === 'folders')
      return `compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen ${found[values]} -- "$word"))`;
    return `COMPREPLY=($(compgen -W ${quoted(values.join('\n'))} -- "$word"))`;
  };
  const names = (given: readonly CompletedOption[]) => given.map((option) => option.name);
  const globals = names(options);
  return `# Completion of ${name} for bash.
${shellFunction(completed)}
${functionName(completed)}() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}" command='' index
  COMPREPLY=()
${findCommand(completed, `\${COMP_WORDS[index]}`, 1, 'COMP_CWORD')}
  case "$previous" in
${optionsWithValues(completed)
  .map((option) => `    ${option.name}) ${reply(option.values)}; return ;;`)
  .join('\n')}
  esac
  case "$command:$word" in
    :-*) ${reply(globals)} ;;
    :*) ${reply(commands.map((command) => command.name))} ;;
${commands
  .map((command) => {
    const own = [...new Set([...names(command.options), ...globals])];
    return `    ${command.name}:-*) ${reply(own)} ;;\n    ${command.name}:*) ${reply(command.operands)} ;;`;
  })
  .join('\n')}
  esac
}
complete -F ${functionName(completed)} ${name}
`;
};

export const zshScript = (completed: Completed): string => {
  const { name, options, commands } = completed;
  const list = (items: readonly { name: string; description: string }[]) =>
    items.map((item) => quoted(`${item.name}:${item.description}`)).join(' ');
  const reply = (values: Values): string => {
    if (values === 'text') return ':';
    if (values === 'files') return '_files';
    if (values === 'folders') return '_files -/';
    return `compadd -- ${values.join(' ')}`;
  };
  return `#compdef ${name}
${shellFunction(completed)}
${functionName(completed)}() {
  local command='' index
  local -a found
${findCommand(completed, '$words[index]', 2, 'CURRENT')}
  case "$words[CURRENT-1]" in
${optionsWithValues(completed)
  .map((option) => `    ${option.name}) ${reply(option.values)}; return ;;`)
  .join('\n')}
  esac
  case "$command:$PREFIX" in
    :-*) found=(${list(options)}) ;;
    :*) found=(${list(commands)}) ;;
${commands
  .map((command) => {
    const own = [...command.options, ...options.filter((option) => option.name !== '--help')];
    return `    ${command.name}:-*) found=(${list(own)}) ;;\n    ${command.name}:*) ${reply(command.operands)}; return ;;`;
  })
  .join('\n')}
  esac
  _describe ${name} found
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
compdef ${functionName(completed)} ${name}
`;
};

export const fishScript = (completed: Completed): string => {
  const { name, path, options, commands } = completed;
  // Only the backslash and the quote mean something between single quotes of fish.
  const text = (value: string) => `'${value.replaceAll(/[\\']/g, '\\$&')}'`;
  const reply = (values: Values): string => {
    if (values === 'text') return '-x';
    if (values === 'files') return '-r -F';
    if (values === 'folders') return `-x -a '(__fish_complete_directories)'`;
    return `-x -a ${text(values.join(' '))}`;
  };
  const line = (when: string, option: CompletedOption) =>
    [
      `complete -c ${name}`,
      when,
      `-l ${option.name.slice(2)}`,
      option.values === null ? '' : reply(option.values),
      `-d ${text(option.description)}`,
    ]
      .filter(Boolean)
      .join(' ');
  return `# Completion of ${name} for fish.
type -q ${name}; or function ${name}; node ${text(path)} $argv; end
complete -c ${name} -f
${[
  ...options.map((option) => line('', option)),
  ...commands.flatMap((command) => {
    const seen = `-n '__fish_seen_subcommand_from ${command.name}'`;
    return [
      `complete -c ${name} -n __fish_use_subcommand -a ${command.name} -d ${text(command.description)}`,
      ...(command.operands === 'text' ? [] : [`complete -c ${name} ${seen} ${operands(command.operands, reply)}`]),
      ...command.options.filter((option) => option.name !== '--help').map((option) => line(seen, option)),
    ];
  }),
].join('\n')}
`;
};

/** Operands are no values of an option: nothing is required of what follows. */
const operands = (values: Values, reply: (values: Values) => string): string =>
  reply(values).replace(/^-x /, '').replace(/^-r /, '');
