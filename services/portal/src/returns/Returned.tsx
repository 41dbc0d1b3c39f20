import { Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import type { OfflineReturn } from '../api/queries.ts';
import { Button, ButtonLink } from '../components/Button.tsx';
import { InstallCode } from '../components/Codes.tsx';
import { Page } from '../components/Page.tsx';

export function Returned({ result, onAgain }: { result: OfflineReturn; onAgain: () => void }) {
  const { t } = useTranslation();
  return (
    <Page title={t('returns.done', { count: result.returned.length })} narrow>
      <p className="lead">
        <Trans i18nKey="returns.doneText" components={[<InstallCode key="code" code={result.installCode} />]} />
      </p>
      <ul className="card plain">
        {result.returned.map((licenseId) => (
          <li key={licenseId} className="code id">
            <Link to="/licenses/$licenseId" params={{ licenseId }}>
              {licenseId}
            </Link>
          </li>
        ))}
      </ul>
      <p className="small">{t('returns.doneAgain')}</p>
      <div className="actions">
        <ButtonLink to="/" weight="primary">
          {t('app.licenses')}
        </ButtonLink>
        <Button onPress={onAgain}>{t('returns.another')}</Button>
      </div>
    </Page>
  );
}
