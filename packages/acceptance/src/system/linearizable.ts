/** A request and its acknowledgement: it took effect at one moment between its start and its end. */
export type Operation<Op> = { op: Op; start: number; end: number };

/**
 * Whether the operations can be put into one order that respects real time (one that ended before another started comes first) and in
 * which each is allowed by the model. Wing & Gong's search, with visited (remaining, state) pairs remembered.
 *
 * @param apply the state after the operation, or null where the model does not allow it
 * @returns the final states that are possible; none when the history is not linearizable
 */
export function linearize<Op, State>(
  history: readonly Operation<Op>[],
  initial: State,
  apply: (state: State, op: Op) => State | null,
  keyOf: (state: State) => string,
): State[] {
  const seen = new Set<string>();
  const finals = new Map<string, State>();
  const search = (remaining: readonly number[], state: State): void => {
    const visit = `${remaining.join(',')}|${keyOf(state)}`;
    if (seen.has(visit)) return;
    seen.add(visit);
    if (remaining.length === 0) {
      finals.set(keyOf(state), state);
      return;
    }
    const earliestEnd = Math.min(...remaining.map((index) => history[index]?.end ?? 0));
    for (const index of remaining) {
      const operation = history[index];
      if (!operation || operation.start > earliestEnd) continue;
      const next = apply(state, operation.op);
      if (next !== null)
        search(
          remaining.filter((other) => other !== index),
          next,
        );
    }
  };
  search(
    history.map((_, index) => index),
    initial,
  );
  return [...finals.values()];
}
