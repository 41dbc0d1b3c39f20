import { ApiProblem, ApiUnreachable } from '@smartserver/client';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Button } from '../components/Button.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Page } from '../components/Page.tsx';

const reload = () => window.location.reload();

/** A page that cannot be shown: the server does not answer, or this program is wrong. */
export function Crash({ error }: ErrorComponentProps) {
  const { t } = useTranslation();
  const isKnown = error instanceof ApiUnreachable || error instanceof ApiProblem;
  return (
    <Page title={t('crash.title')} narrow>
      {isKnown ? (
        <ErrorNotice error={error} retry={reload} />
      ) : (
        <>
          <p className="lead">{t('crash.text')}</p>
          <p>
            <Button weight="primary" onPress={reload}>
              {t('crash.reload')}
            </Button>
          </p>
        </>
      )}
    </Page>
  );
}
