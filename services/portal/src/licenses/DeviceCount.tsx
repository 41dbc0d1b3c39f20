import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/format.ts';

/** The number that a license is about. Core and Remote CMS have none. */
export function DeviceCount({ count }: { count: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <p className="count" aria-hidden="true">
      <strong>{format.number(count)}</strong>
      <span>{t('license.devices', { count })}</span>
    </p>
  );
}
