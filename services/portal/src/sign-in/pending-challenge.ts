/**
 * The code that was asked for. A phone may drop this page while its owner looks into the mail: kept for the tab, so that the code
 * can be entered all the same. It opens nothing without the code.
 */
export type PendingChallenge = { challengeId: string; email: string; expiresAt: string };

const KEY = 'portal.challenge';

export const keepChallenge = (challenge: PendingChallenge | null): void => {
  try {
    if (challenge === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(challenge));
  } catch {
    // Storage is blocked: the page must stay open until the code is entered.
  }
};

export const keptChallenge = (now: Date): PendingChallenge | null => {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as PendingChallenge | null;
    return kept !== null && new Date(kept.expiresAt) > now ? kept : null;
  } catch {
    return null;
  }
};
