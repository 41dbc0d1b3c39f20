import { useTranslation } from 'react-i18next';

export function ImportSteps({ open = false }: { open?: boolean }) {
  const { t } = useTranslation();
  return (
    <details open={open}>
      <summary>{t('file.import')}</summary>
      <ol>
        <li>{t('file.importSteps.one')}</li>
        <li>{t('file.importSteps.two')}</li>
        <li>{t('file.importSteps.three')}</li>
        <li>{t('file.importSteps.four')}</li>
      </ol>
    </details>
  );
}
