import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createOfflineActivation } from '../api/commands.ts';
import { licenseQuery, type OfflineActivation, offlineActivationsQuery } from '../api/queries.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { BackLink, Page } from '../components/Page.tsx';
import { Waiting } from '../components/Waiting.tsx';
import { randomKey } from '../lib/random-key.ts';
import { useOf } from '../licenses/license-state.ts';
import { useLicense } from '../licenses/use-license.ts';
import { DoneStep } from './DoneStep.tsx';
import { ReviewStep } from './ReviewStep.tsx';
import { TargetStep } from './TargetStep.tsx';
import { type Target, targetBody } from './target.ts';

const ROUTE = '/signed-in/licenses/$licenseId/activate';

/** Choose the SmartServer, see what will happen, let it happen. Each step is a place of its own for the browser's back button. */
export function ActivatePage() {
  const { t } = useTranslation();
  const { licenseId } = useParams({ from: ROUTE });
  const { step: asked = 'target' } = useSearch({ from: ROUTE });
  const navigate = useNavigate();
  const client = useQueryClient();
  const { license, activations, error, retry } = useLicense(licenseId);
  const [target, setTarget] = useState<Target | null>(null);
  // One key for what was chosen: however often it is confirmed, it has one effect.
  const [key, setKey] = useState(randomKey);
  const [made, setMade] = useState<OfflineActivation | null>(null);

  const create = useMutation({
    mutationFn: (chosen: Target) => createOfflineActivation(licenseId, targetBody(chosen), key),
    onSuccess: async (activation) => {
      setMade(activation);
      await client.invalidateQueries({ queryKey: offlineActivationsQuery(licenseId).queryKey });
      void client.invalidateQueries({ queryKey: licenseQuery(licenseId).queryKey });
      void client.invalidateQueries({ queryKey: ['licenses'] });
      await navigate({ to: '.', search: { step: 'done' }, replace: true });
    },
  });

  // After a reload nothing is left of what was entered: the first step again, or the license if the file is made.
  const step = made ? 'done' : asked === 'review' && target ? 'review' : 'target';
  const use = license && activations && useOf(license, activations);
  const pointless = made === null && use !== undefined && use.kind !== 'can_create' && !create.isPending;
  useEffect(() => {
    if (pointless) void navigate({ to: '/licenses/$licenseId', params: { licenseId }, replace: true });
  }, [pointless, navigate, licenseId]);

  const number = { target: 1, review: 2, done: 3 }[step];
  const title = { target: t('activate.title'), review: t('activate.review'), done: t('activate.done') }[step];
  const above = (
    <>
      {step !== 'done' && (
        <BackLink to="/licenses/$licenseId" params={{ licenseId }}>
          {t('activate.toLicense')}
        </BackLink>
      )}
      <p className="step">
        <span className="step-bar" data-step={number} aria-hidden="true" />
        {t('activate.steps', { step: number, name: t(`activate.stepNames.${step}`) })}
      </p>
    </>
  );
  return (
    <Page key={step} title={title} above={above} narrow>
      {error && <ErrorNotice error={error} retry={retry} />}
      {!license && !error && <Waiting rows={2} />}
      {license && step === 'target' && (
        <TargetStep
          initial={target}
          onChosen={(chosen) => {
            create.reset();
            setTarget(chosen);
            setKey(randomKey());
            void navigate({ to: '.', search: { step: 'review' } });
          }}
        />
      )}
      {license && step === 'review' && target && (
        <ReviewStep
          license={license}
          target={target}
          error={create.error}
          isPending={create.isPending}
          onConfirm={() => create.mutate(target)}
          onBack={() => void navigate({ to: '.', search: {} })}
        />
      )}
      {made && <DoneStep activation={made} />}
    </Page>
  );
}
