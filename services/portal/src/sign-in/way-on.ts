import { useSearch } from '@tanstack/react-router';

/** Where somebody was going when the sign-in came in between. */
export const useWayOn = (): string | undefined => useSearch({ from: '/sign-in' }).next;
