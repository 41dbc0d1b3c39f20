import { Trans, useTranslation } from 'react-i18next';
import type { OfflineActivation } from '../api/queries.ts';
import { ButtonLink } from '../components/Button.tsx';
import { InstallCode } from '../components/Codes.tsx';
import { useFormat } from '../i18n/format.ts';
import { DownloadFile } from './DownloadFile.tsx';
import { ImportSteps } from './ImportSteps.tsx';
import { MakeKnown } from './MakeKnown.tsx';

/** The activation file of a license that is on a controller: fetch it again, or move the license on. */
export function FilePanel({ activation }: { activation: OfflineActivation }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="card panel">
      <h2>{t('file.title')}</h2>
      <p>
        <Trans i18nKey="file.for" components={[<InstallCode key="code" code={activation.installCode} />]} />
        <br />
        <span className="quiet">{t('file.made', { date: format.date(activation.createdAt) })}</span>
      </p>
      <DownloadFile activation={activation} />
      <p className="small">{t('file.again')}</p>
      <ImportSteps />
      <h3>{t('file.return')}</h3>
      <p>{t('file.returnText')}</p>
      <p>
        <ButtonLink to="/return">{t('file.returnGo')}</ButtonLink>
      </p>
      <MakeKnown activation={activation} />
    </section>
  );
}
