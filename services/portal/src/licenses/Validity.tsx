import { useTranslation } from 'react-i18next';
import type { License } from '../api/queries.ts';
import { useFormat } from '../i18n/format.ts';

/** Until when it is good. A term that has not begun has no end yet (rule 6). */
export function Validity({ license: { expiresAt, termYears } }: { license: License }) {
  const { t } = useTranslation();
  const format = useFormat();
  const text = () => {
    if (expiresAt) return t('license.expiresUntil', { date: format.date(expiresAt) });
    return termYears ? t('license.expiresTerm', { count: termYears }) : t('license.expiresNever');
  };
  return (
    <div>
      <dt>{t('license.expires')}</dt>
      <dd>{text()}</dd>
    </div>
  );
}
