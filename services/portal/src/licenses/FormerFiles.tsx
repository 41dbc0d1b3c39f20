import { Trans, useTranslation } from 'react-i18next';
import type { OfflineActivation } from '../api/queries.ts';
import { InstallCode } from '../components/Codes.tsx';
import { useFormat } from '../i18n/format.ts';

/** Files of earlier placings, so that somebody who finds one knows that it is good for nothing any more. */
export function FormerFiles({ activations }: { activations: OfflineActivation[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const former = activations.filter(({ returnedAt }) => returnedAt !== null);
  if (former.length === 0) return null;
  return (
    <details>
      <summary>{t('file.former')}</summary>
      <p>{t('file.formerText')}</p>
      <ul className="plain">
        {former.map(({ offlineActivationId, installCode, createdAt, returnedAt }) => (
          <li key={offlineActivationId}>
            <Trans
              i18nKey="file.formerItem"
              values={{ made: format.date(createdAt), returned: format.date(returnedAt ?? createdAt) }}
              components={[<InstallCode key="code" code={installCode} />, <br key="line" />]}
            />
          </li>
        ))}
      </ul>
    </details>
  );
}
