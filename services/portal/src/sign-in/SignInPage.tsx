import { useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { session } from '../api/session.ts';
import { CodeForm } from './CodeForm.tsx';
import { IdentityForm } from './IdentityForm.tsx';
import { keepChallenge, keptChallenge, type PendingChallenge } from './pending-challenge.ts';

/** Who are you? Then, for an e-mail address, the code. */
export function SignInPage() {
  const { t } = useTranslation();
  const { status } = useSyncExternalStore(session.subscribe, session.current);
  const [challenge, setChallenge] = useState(() => keptChallenge(new Date()));
  const change = (next: PendingChallenge | null) => {
    keepChallenge(next);
    setChallenge(next);
  };
  if (challenge) return <CodeForm challenge={challenge} onChange={change} />;
  return <IdentityForm notice={status === 'ended' ? t('signIn.ended') : null} onChallenge={change} />;
}
