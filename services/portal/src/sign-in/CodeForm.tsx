import { ApiProblem } from '@smartserver/client';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestCode, verifyCode } from '../api/commands.ts';
import { session } from '../api/session.ts';
import { Button } from '../components/Button.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Field } from '../components/Field.tsx';
import { Page } from '../components/Page.tsx';
import { useFormat } from '../i18n/format.ts';
import { randomKey } from '../lib/random-key.ts';
import { digitsOf } from '../lib/sign-in-input.ts';
import { keepChallenge, type PendingChallenge } from './pending-challenge.ts';
import { useNow } from './use-now.ts';
import { useWayOn } from './way-on.ts';

/** Within the minute the same code counts, and no second e-mail is sent. */
const RESEND_AFTER_MS = 60_000;

type CodeFormProps = { challenge: PendingChallenge; onChange: (challenge: PendingChallenge | null) => void };

export function CodeForm({ challenge, onChange }: CodeFormProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const navigate = useNavigate();
  const next = useWayOn();
  const field = useRef<HTMLInputElement>(null);
  const [code, setCode] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [sentAt, setSentAt] = useState(() => Date.now());
  const now = useNow();

  const verify = useMutation({
    mutationFn: async ({ digits, key }: { digits: string; key: string }) => {
      session.begin(await verifyCode(challenge.challengeId, digits, key));
      keepChallenge(null);
      await navigate({ to: next ?? '/' });
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'challenge_failed') setCode('');
    },
  });
  const resend = useMutation({
    mutationFn: (key: string) => requestCode(challenge.email, key),
    onSuccess: ({ challengeId, expiresAt }) => {
      verify.reset();
      setCode('');
      setSentAt(Date.now());
      onChange({ challengeId, expiresAt, email: challenge.email });
      field.current?.focus();
    },
  });

  useEffect(() => field.current?.focus(), []);

  const enter = (text: string) => {
    const digits = digitsOf(text);
    setCode(digits);
    setFault(null);
    // Six digits are all there is to say: whoever pasted or typed them need not look for a button.
    if (digits.length === 6 && digits !== code && !verify.isPending) verify.mutate({ digits, key: randomKey() });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (verify.isPending) return;
    if (code.length === 6) return verify.mutate({ digits: code, key: randomKey() });
    setFault(t('code.fault'));
    field.current?.focus();
  };

  const expired = new Date(challenge.expiresAt).getTime() <= now;
  const wait = Math.ceil((sentAt + RESEND_AFTER_MS - now) / 1000);
  const canResend = expired || wait <= 0;
  return (
    <Page title={t('code.title')} narrow>
      <p className="lead">{t('code.sent', { email: challenge.email })}</p>
      <form className="card form" onSubmit={submit} noValidate>
        <Field
          label={t('code.field')}
          help={expired ? t('code.expired') : t('code.fieldHelp', { time: format.time(challenge.expiresAt) })}
          fault={fault}
          value={code}
          onChange={enter}
          look="digits"
          input={{ ref: field, inputMode: 'numeric', autoComplete: 'one-time-code', name: 'code', spellCheck: false }}
        />
        {verify.error && <ErrorNotice error={verify.error} />}
        <Button type="submit" weight="primary" isPending={verify.isPending}>
          {t('code.go')}
        </Button>
      </form>
      {resend.error && <ErrorNotice error={resend.error} />}
      <p role="status" className={resend.isSuccess ? 'notice calm' : 'unseen'}>
        {resend.isSuccess ? t('code.resent') : ''}
      </p>
      <div className="actions">
        <Button isDisabled={!canResend} isPending={resend.isPending} onPress={() => resend.mutate(randomKey())}>
          {canResend ? t('code.again') : t('code.againIn', { count: wait })}
        </Button>
        <Button weight="quiet" onPress={() => onChange(null)}>
          {t('code.other')}
        </Button>
      </div>
      <details>
        <summary>{t('code.nothing')}</summary>
        <p>{t('code.nothingText')}</p>
      </details>
    </Page>
  );
}
