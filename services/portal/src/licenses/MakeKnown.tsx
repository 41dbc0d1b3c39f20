import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { createOfflineActivation } from '../api/commands.ts';
import { type OfflineActivation, offlineActivationsQuery } from '../api/queries.ts';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { FilePicker, type PickFault } from '../components/FilePicker.tsx';
import { randomKey } from '../lib/random-key.ts';
import { readRequestFile } from '../lib/signed-file.ts';

/**
 * Hands in a request file for a controller that the license is on already. Nothing moves by it (rule 3), but the device's key is
 * known from then on, without which no return receipt can be checked.
 */
export function MakeKnown({ activation }: { activation: OfflineActivation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { licenseId, installCode } = activation;
  const [fault, setFault] = useState<PickFault | null>(null);
  const [otherCode, setOtherCode] = useState<string | null>(null);
  const handIn = useMutation({
    mutationFn: ({ text, key }: { name: string; text: string; key: string }) =>
      createOfflineActivation(licenseId, { requestFile: text }, key),
    onSuccess: () => void client.invalidateQueries({ queryKey: offlineActivationsQuery(licenseId).queryKey }),
  });
  const reset = (next: PickFault | null, other: string | null = null) => {
    handIn.reset();
    setFault(next);
    setOtherCode(other);
  };
  const pick = ({ name, text }: { name: string; text: string }) => {
    const preview = readRequestFile(text);
    if (typeof preview === 'string') return reset(preview);
    // Sent all the same, it would be refused: the license is here.
    if (preview.installCode !== installCode) return reset(null, preview.installCode);
    reset(null);
    handIn.mutate({ name, text, key: randomKey() });
  };
  return (
    <details>
      <summary>{t('file.known')}</summary>
      <p>{t('file.knownText')}</p>
      <FilePicker
        label={t('activate.request')}
        accept=".req,text/plain,application/octet-stream"
        chosen={handIn.variables?.name ?? null}
        fault={fault}
        onPick={pick}
        onFault={(what) => reset(what)}
      />
      {handIn.error && <ErrorNotice error={handIn.error} />}
      <p role="status" className={handIn.isSuccess || otherCode ? `notice ${otherCode ? 'warn' : 'calm'}` : 'unseen'}>
        {handIn.isSuccess && t('file.knownDone')}
        {otherCode && t('file.knownOther', { code: otherCode })}
      </p>
    </details>
  );
}
