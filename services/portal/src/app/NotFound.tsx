import { useTranslation } from 'react-i18next';
import { ButtonLink } from '../components/Button.tsx';
import { Page } from '../components/Page.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page title={t('notFound.title')} narrow>
      <p className="lead">{t('notFound.text')}</p>
      <p>
        <ButtonLink to="/" weight="primary">
          {t('notFound.home')}
        </ButtonLink>
      </p>
    </Page>
  );
}
