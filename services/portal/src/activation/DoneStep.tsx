import { Trans, useTranslation } from 'react-i18next';
import type { OfflineActivation } from '../api/queries.ts';
import { ButtonLink } from '../components/Button.tsx';
import { InstallCode } from '../components/Codes.tsx';
import { DownloadFile } from '../licenses/DownloadFile.tsx';
import { ImportSteps } from '../licenses/ImportSteps.tsx';

export function DoneStep({ activation }: { activation: OfflineActivation }) {
  const { t } = useTranslation();
  const { licenseId, installCode } = activation;
  return (
    <>
      <p className="lead">
        <Trans i18nKey="activate.doneText" components={[<InstallCode key="code" code={installCode} />]} />
      </p>
      <div className="card panel">
        <DownloadFile activation={activation} />
        <p className="small">{t('file.again')}</p>
        <ImportSteps open />
      </div>
      <p>
        <ButtonLink to="/licenses/$licenseId" params={{ licenseId }}>
          {t('activate.toLicense')}
        </ButtonLink>
      </p>
    </>
  );
}
