import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { Page } from '../components/Page.tsx';

/** A page that could not be shown, for instance since a newer version of the portal has replaced its files. */
export function Crash() {
  const { t } = useTranslation();
  return (
    <Page title={t('crash.title')} narrow>
      <p className="lead">{t('crash.text')}</p>
      <p>
        <Button weight="primary" onPress={() => window.location.reload()}>
          {t('crash.reload')}
        </Button>
      </p>
    </Page>
  );
}
