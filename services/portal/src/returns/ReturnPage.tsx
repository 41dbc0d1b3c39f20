import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createOfflineReturn } from '../api/commands.ts';
import { Button } from '../components/Button.tsx';
import { InstallCode } from '../components/Codes.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FilePicker, type PickFault } from '../components/FilePicker.tsx';
import { Page } from '../components/Page.tsx';
import { useFormat } from '../i18n/format.ts';
import { randomKey } from '../lib/random-key.ts';
import { type ReceiptPreview, readReceipt } from '../lib/signed-file.ts';
import { Returned } from './Returned.tsx';

/** `key`: however often this receipt is handed in, it has one effect. */
type Chosen = { name: string; text: string; preview: ReceiptPreview; key: string };

export function ReturnPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [fault, setFault] = useState<PickFault | null>(null);
  const handIn = useMutation({
    mutationFn: ({ text, key }: Chosen) => createOfflineReturn(text, key),
    onSuccess: () => void client.invalidateQueries(),
  });

  const pick = ({ name, text }: { name: string; text: string }) => {
    handIn.reset();
    const preview = readReceipt(text);
    setChosen(typeof preview === 'string' ? null : { name, text, preview, key: randomKey() });
    setFault(typeof preview === 'string' ? preview : null);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen && !handIn.isPending) handIn.mutate(chosen);
  };
  if (handIn.data) {
    const again = () => {
      handIn.reset();
      setChosen(null);
    };
    return <Returned result={handIn.data} onAgain={again} />;
  }
  return (
    <Page title={t('returns.title')} narrow>
      <p className="lead">{t('returns.lead')}</p>
      <form className="form" onSubmit={submit} noValidate>
        <div className="card">
          <FilePicker
            label={t('returns.field')}
            accept=".ret,text/plain,application/octet-stream"
            chosen={chosen?.name ?? null}
            fault={fault}
            onPick={pick}
            onFault={(what) => {
              setChosen(null);
              setFault(what);
            }}
          />
          <details>
            <summary>{t('returns.how')}</summary>
            <ol>
              <li>{t('returns.howSteps.one')}</li>
              <li>{t('returns.howSteps.two')}</li>
              <li>{t('returns.howSteps.three')}</li>
            </ol>
          </details>
        </div>
        {chosen && (
          <>
            <Preview preview={chosen.preview} />
            {handIn.error && <ErrorNotice error={handIn.error} />}
            <Button
              type="submit"
              weight="primary"
              icon="upload"
              isPending={handIn.isPending}
              pendingText={t('returns.returning')}
            >
              {t('returns.confirm')}
            </Button>
          </>
        )}
      </form>
    </Page>
  );
}

function Preview({ preview }: { preview: ReceiptPreview }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section aria-labelledby="receipt" className="card">
      <h2 id="receipt">{t('returns.review')}</h2>
      <dl className="facts stacked">
        <div>
          <dt>{t('returns.server')}</dt>
          <dd>
            <InstallCode code={preview.installCode} />
          </dd>
        </div>
        <div>
          <dt>{t('returns.made')}</dt>
          <dd>{format.dateTime(preview.createdAt)}</dd>
        </div>
        <div>
          <dt>{t('returns.removed')}</dt>
          <dd>
            <ul className="plain">
              {preview.licenseIds.map((licenseId) => (
                <li key={licenseId} className="code id">
                  {licenseId}
                </li>
              ))}
            </ul>
          </dd>
        </div>
      </dl>
    </section>
  );
}
