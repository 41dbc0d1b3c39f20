import { ACTORS, type ActorName, isBoundToAccount } from './actors.ts';
import { codeOf, comparable, contractFaults, problemFaults, undocumented } from './answers.ts';
import type { DocumentedOperation } from './document.ts';
import type { Estate } from './estate.ts';
import { type Answer, requestOf, type Send } from './http.ts';
import type { Case, Row } from './rows/index.ts';
import { type Target, unknownTarget } from './target.ts';

type Kind = Target['kind'];

/** One operation by one actor in one way, with each kind of id. */
export type Cell = { operation: DocumentedOperation; row: Row; way: Case; actor: ActorName };

export type World = { estate: Estate; other: Estate; send: Send; count: () => void };

export const cellsOf = (operation: DocumentedOperation, row: Row): Cell[] =>
  ACTORS.flatMap((actor) =>
    row.cases
      // Who may not call it at all is refused whatever the request names.
      .filter(({ actors }) => actors === undefined || actors.includes(actor) || !row.allowed.includes(actor))
      .map((way) => ({ operation, row, way, actor })),
  );

/** What is wrong with the answers of a cell; empty where all is as it should be. */
export const tryCell = async (cell: Cell, world: World): Promise<string[]> => {
  const { way, actor, row, operation } = cell;
  const { estate, other, send } = world;
  const allowed = row.allowed.includes(actor);
  const targets: Record<Kind, Target> = {
    // Who is refused anyway uses nothing up.
    own: allowed ? estate.own : estate.foreign,
    sibling: estate.sibling,
    foreign: other.foreign,
    unknown: unknownTarget(),
  };
  const answers = new Map<Kind, Answer>();
  const heads: string[] = [];
  await Promise.all(
    kindsOf(cell).map(async (kind) => {
      const parts = await way.request(targets[kind], estate, send);
      const sent = requestOf(operation, parts, estate.tokens[actor]);
      const answer = await send(sent);
      answers.set(kind, answer);
      world.count();
      if (sent.method === 'GET') heads.push(...headFaults(kind, answer, await send({ ...sent, method: 'HEAD' })));
    }),
  );
  const faults = allowed ? allowedFaults(cell, answers) : deniedFaults(actor, answers);
  const surprises = [...answers.values()].flatMap((answer) => undocumented(operation, answer));
  return [...faults, ...surprises, ...heads, ...leaks(actor, [...answers.values()], world)].map(
    (fault) => `${operation.operationId} by ${actor}${way.about === null ? '' : `, ${way.about}`}: ${fault}`,
  );
};

/**
 * Another account of one's own partner is foreign only to an actor that is bound to an account. Customer Success may read and change
 * everything: its changes would only disturb what is compared afterwards.
 */
const kindsOf = ({ way, actor, operation }: Cell): Kind[] => {
  const { targets = ['own', 'sibling', 'foreign', 'unknown'] } = way;
  return targets.filter((kind) => {
    if (kind === 'sibling') return isBoundToAccount(actor);
    return kind !== 'foreign' || actor !== 'staff' || way.oneAccount === true || operation.method === 'GET';
  });
};

/** Refused before the ids of the request are looked up: one answer for all of them. */
const deniedFaults = (actor: ActorName, answers: ReadonlyMap<Kind, Answer>): string[] => {
  const [first] = answers.values();
  return [...answers].flatMap(([kind, answer]) => [
    ...mismatch(`${kind} is denied`, answer.status, [actor === 'nobody' ? 401 : 403]),
    ...problemFaults(answer),
    ...(first === undefined || same(answer, first) ? [] : [`the answer to ${kind} differs from others`]),
  ]);
};

const allowedFaults = ({ operation, way, actor }: Cell, answers: ReadonlyMap<Kind, Answer>): string[] => {
  const unknown = answers.get('unknown');
  return [...answers].flatMap(([kind, answer]) => {
    if (isTheirs(kind, actor, way)) {
      return answer.status < 300
        ? contractFaults(operation, answer)
        : [`${kind} should be allowed, but is answered ${answer.status} ${answer.text.slice(0, 300)}`];
    }
    const missing = missingFaults(kind, answer, way.missing ?? 'not_found');
    return unknown === undefined || same(answer, unknown)
      ? missing
      : [...missing, `${kind} and unknown differ:\n${show(answer)}\n${show(unknown)}`];
  });
};

const isTheirs = (kind: Kind, actor: ActorName, way: Case): boolean =>
  kind === 'own' || (kind === 'foreign' && actor === 'staff' && way.oneAccount !== true);

const missingFaults = (kind: Kind, answer: Answer, missing: NonNullable<Case['missing']>): string[] => {
  if (missing === 'empty') {
    return answer.status === 200 && answer.text === '{"items":[],"nextCursor":null}'
      ? []
      : [`${kind} should give an empty page, but gives ${answer.status} ${answer.text.slice(0, 300)}`];
  }
  if (answer.status < 400) return [`${kind} is answered ${answer.status} ${answer.text.slice(0, 300)}`];
  const code = codeOf(answer);
  return [...(code === missing ? [] : [`${kind} is answered ${code}, not ${missing}`]), ...problemFaults(answer)];
};

/** HEAD is GET without a body, for permitted and refused callers alike. */
const headFaults = (kind: Kind, get: Answer, head: Answer): string[] =>
  head.status === get.status && head.text === ''
    ? []
    : [`HEAD of ${kind} is answered ${head.status}, GET ${get.status}`];

/** Only Customer Success reads anything of another partner; an actor that is bound to an account reads nothing of its neighbours'. */
export const leaks = (
  actor: ActorName,
  answers: readonly Answer[],
  { estate, other }: Omit<World, 'count'>,
): string[] => {
  if (actor === 'staff') return [];
  const hidden = [...other.marks.all, ...(isBoundToAccount(actor) ? estate.marks.sibling : [])];
  return answers.flatMap(({ status, headers, text }) => {
    const whole = `${JSON.stringify(headers)}${text}`.toLowerCase();
    const leaked = hidden.filter((mark) => whole.includes(mark.toLowerCase()));
    return leaked.length === 0 ? [] : [`the answer ${status} shows ${leaked.join(', ')}`];
  });
};

const show = (answer: Answer): string => JSON.stringify(comparable(answer));

const same = (one: Answer, other: Answer): boolean => show(one) === show(other);

const mismatch = (what: string, status: number, expected: number[]): string[] =>
  expected.includes(status) ? [] : [`${what} with ${status}`];
