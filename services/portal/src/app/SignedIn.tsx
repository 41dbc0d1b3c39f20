import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { session } from '../api/session.ts';
import { queryClient } from './query-client.ts';

/** Leaves for the sign-in page when the session ends, and comes back to the same place after it. */
export function SignedIn() {
  const { status } = useSyncExternalStore(session.subscribe, session.current);
  const navigate = useNavigate();
  const here = useRouterState({ select: ({ location }) => location.href });
  useEffect(() => {
    if (status !== 'ended') return;
    queryClient.clear();
    void navigate({ to: '/sign-in', search: { next: here }, replace: true });
  }, [status, navigate, here]);
  return status === 'signed_in' ? <Outlet /> : null;
}
