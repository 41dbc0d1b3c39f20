import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { requestCode, signInWithLicense } from '../api/commands.ts';
import { session } from '../api/session.ts';
import { Button } from '../components/Button.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Field } from '../components/Field.tsx';
import { Page } from '../components/Page.tsx';
import { randomKey } from '../lib/random-key.ts';
import { readSignInInput, type SignInInput } from '../lib/sign-in-input.ts';
import type { PendingChallenge } from './pending-challenge.ts';
import { useWayOn } from './way-on.ts';

type Fault = Extract<SignInInput, { kind: 'fault' }>['fault'];

export function IdentityForm(props: { notice: string | null; onChallenge: (challenge: PendingChallenge) => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const next = useWayOn();
  const [text, setText] = useState('');
  const [fault, setFault] = useState<Fault | null>(null);
  const field = useRef<HTMLInputElement>(null);

  const signIn = useMutation({
    mutationFn: async ({ input, key }: { input: Exclude<SignInInput, { kind: 'fault' }>; key: string }) => {
      if (input.kind === 'email') {
        const { challengeId, expiresAt } = await requestCode(input.email, key);
        return props.onChallenge({ challengeId, expiresAt, email: input.email });
      }
      session.begin(await signInWithLicense(input.licenseId, key));
      if (next) return navigate({ to: next });
      return navigate({ to: '/licenses/$licenseId', params: { licenseId: input.licenseId } });
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (signIn.isPending) return;
    const input = readSignInInput(text);
    if (input.kind !== 'fault') return signIn.mutate({ input, key: randomKey() });
    setFault(input.fault);
    field.current?.focus();
  };

  return (
    <Page title={t('signIn.title')} narrow>
      {props.notice ? <p className="notice calm">{props.notice}</p> : <p className="lead">{t('signIn.lead')}</p>}
      <form className="card form" onSubmit={submit} noValidate>
        <Field
          label={t('signIn.field')}
          help={t('signIn.fieldHelp')}
          fault={fault && t(`signIn.faults.${fault}`)}
          value={text}
          onChange={(value) => {
            setText(value);
            setFault(null);
          }}
          input={{
            ref: field,
            type: 'text',
            name: 'identity',
            autoComplete: 'username',
            autoCapitalize: 'none',
            spellCheck: false,
            inputMode: 'email',
          }}
        />
        {signIn.error && <ErrorNotice error={signIn.error} />}
        <Button type="submit" weight="primary" isPending={signIn.isPending}>
          {t('signIn.go')}
        </Button>
      </form>
      <details>
        <summary>{t('signIn.where')}</summary>
        <p>{t('signIn.whereLicense')}</p>
        <p>{t('signIn.whereEmail')}</p>
        <p>{t('signIn.whereNot')}</p>
      </details>
    </Page>
  );
}
