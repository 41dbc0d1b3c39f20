import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { License } from '../api/queries.ts';
import { Button } from '../components/Button.tsx';
import { InstallCode } from '../components/Codes.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { useFormat } from '../i18n/format.ts';
import { installCodeOf, type Target } from './target.ts';

type ReviewStepProps = {
  license: License;
  target: Target;
  error: Error | null;
  isPending: boolean;
  onConfirm: () => void;
  onBack: () => void;
};

/** What will happen, before it happens. A typed code has nothing but the eyes of who typed it: they are asked for. */
export function ReviewStep({ license, target, error, isPending, onConfirm, onBack }: ReviewStepProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [compared, setCompared] = useState(false);
  const [fault, setFault] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const typed = target.way === 'code';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isPending) return;
    if (!typed || compared) return onConfirm();
    setFault(true);
    box.current?.focus();
  };
  return (
    <form className="form" onSubmit={submit} noValidate>
      <dl className="card facts stacked">
        <div>
          <dt>{t('activate.reviewServer')}</dt>
          <dd>
            <InstallCode code={installCodeOf(target)} large />
          </dd>
        </div>
        {target.way === 'request' && (
          <>
            <Fact name={t('activate.reviewSegment')} value={target.preview.segmentName} />
            <Fact name={t('activate.reviewVersion')} value={target.preview.softwareVersion} />
            <Fact name={t('activate.reviewMade')} value={format.dateTime(target.preview.createdAt)} />
          </>
        )}
        <Fact
          name={t('activate.reviewLicense')}
          value={`${t(`license.kinds.${license.kind}`)}, ${format.number(license.deviceCount)} ${t('license.devices', { count: license.deviceCount })}`}
        />
      </dl>
      <section className="consequences" aria-labelledby="consequences">
        <h2 id="consequences">{t('activate.what')}</h2>
        <ul>
          <li>{t('activate.whatPlaced')}</li>
          <li>{t('activate.whatLocked')}</li>
          <li>{t('activate.whatReturn')}</li>
          {typed && <li>{t('activate.whatTyped')}</li>}
        </ul>
      </section>
      {typed && (
        <div>
          <label className="check">
            <input
              ref={box}
              type="checkbox"
              checked={compared}
              aria-invalid={fault}
              aria-describedby="compared-fault"
              onChange={({ target: { checked } }) => {
                setCompared(checked);
                setFault(false);
              }}
            />
            <span>{t('activate.compared')}</span>
          </label>
          <p id="compared-fault" className="fault" role="status">
            {fault && t('activate.comparedFault')}
          </p>
        </div>
      )}
      {error && <ErrorNotice error={error} />}
      <div className="actions">
        <Button type="submit" weight="primary" isPending={isPending} pendingText={t('activate.creating')}>
          {t('activate.confirm')}
        </Button>
        <Button onPress={onBack} isDisabled={isPending}>
          {t('activate.change')}
        </Button>
      </div>
    </form>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
