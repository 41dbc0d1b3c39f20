import { Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore } from 'react';
import { session } from '../api/session.ts';
import { queryClient } from './query-client.ts';

/** Leaves for the sign-in page when the session ends, and comes back to the same place after it. */
export function SignedIn() {
  const { status } = useSyncExternalStore(session.subscribe, session.current);
  const router = useRouter();
  useEffect(() => {
    if (status !== 'ended') return;
    queryClient.clear();
    const { pathname } = router.state.location;
    void router.navigate({ to: '/sign-in', search: pathname === '/' ? {} : { next: pathname }, replace: true });
  }, [status, router]);
  return status === 'signed_in' ? <Outlet /> : null;
}
