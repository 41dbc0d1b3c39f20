import type { Problem } from '@smartserver/contracts';
import { contractFaults, problemFaults, undocumented } from './answers.ts';
import type { Attempt } from './attempts.ts';
import { CANARY_NUMBER } from './bad-values.ts';
import type { DocumentedOperation } from './document.ts';
import type { Answer } from './http.ts';
import type { ProtocolAttempt } from './protocol.ts';

/** What is wrong with the answer to a request that had something wrong; empty where nothing is. */
export const attemptFaults = (operation: DocumentedOperation, attempt: Attempt, answer: Answer): string[] => {
  const { status, text } = answer;
  if (status >= 500) return [`answered ${status} ${text.slice(0, 300)}`];
  if (status < 400) {
    const unwanted = attempt.codes === null ? [] : [`taken, with ${status} ${text.slice(0, 200)}`];
    // What was created may say its name; a header never does.
    return [...unwanted, ...contractFaults(operation, answer), ...echoes(attempt, { ...answer, text: '' })];
  }
  const faults = problemFaults(answer);
  if (faults.length > 0) return faults;
  return [
    ...undocumented(operation, answer),
    ...echoes(attempt, answer),
    ...codeFaults(attempt, JSON.parse(text) as Problem),
  ];
};

/** The same for what is no request to any operation. */
export const protocolFaults = (attempt: ProtocolAttempt, answer: Answer): string[] => {
  const isBare = attempt.name.startsWith('HEAD ') && answer.text === '';
  const faults = isBare ? [] : problemFaults(answer);
  const code = isBare || faults.length > 0 ? null : (JSON.parse(answer.text) as Problem).code;
  const unexpected = code === null || attempt.codes.includes(code) ? [] : [`is ${code}`];
  const failed = answer.status >= 400 && answer.status < 500 ? [] : [`is answered ${answer.status}`];
  return [...failed, ...faults, ...unexpected, ...echoes(attempt, answer)].map((fault) => `${attempt.name}: ${fault}`);
};

const codeFaults = ({ codes, pointer }: Attempt, problem: Problem): string[] => {
  if (codes === null) return [];
  if (!codes.includes(problem.code)) return [`refused with ${problem.code}, not ${codes.join(' or ')}`];
  if (problem.code !== 'validation_failed' || pointer === undefined) return [];
  const named = (problem.errors ?? []).map((error) => error.pointer);
  return named.includes(pointer) ? [] : [`does not name ${pointer || 'the root'}, but ${JSON.stringify(named)}`];
};

/** An answer never repeats what was sent: it would end up in logs, pages and other people's screens. */
const echoes = ({ canary }: { canary: string }, { headers, text }: Answer): string[] => {
  const whole = `${JSON.stringify(headers)}${text}`.toLowerCase();
  return [canary, String(CANARY_NUMBER)].some((sent) => whole.includes(sent)) ? ['repeats what was sent'] : [];
};
