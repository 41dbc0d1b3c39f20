import { useTranslation } from 'react-i18next';

/** Grey shapes where the content will be; said once to a screen reader. */
export function Waiting({ rows = 3 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div className="waiting">
      <p role="status" className="unseen">
        {t('app.loading')}
      </p>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="bone" aria-hidden="true" />
      ))}
    </div>
  );
}
