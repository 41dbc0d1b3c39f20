import { useSyncExternalStore } from 'react';

export type Appearance = 'system' | 'light' | 'dark';

const KEY = 'portal.appearance';
const listeners = new Set<() => void>();

const current = (): Appearance => {
  const chosen = document.documentElement.dataset.appearance;
  return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

/** Kept for the next visit, where `public/appearance.js` applies it before anything is painted. */
export const changeAppearance = (appearance: Appearance): void => {
  if (appearance === 'system') delete document.documentElement.dataset.appearance;
  else document.documentElement.dataset.appearance = appearance;
  try {
    if (appearance === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, appearance);
  } catch {
    // Storage is blocked: kept until the page is left.
  }
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useAppearance = (): Appearance => useSyncExternalStore(subscribe, current);
