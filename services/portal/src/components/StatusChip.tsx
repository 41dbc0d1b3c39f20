import { useTranslation } from 'react-i18next';
import type { LicenseStatus } from '../api/queries.ts';
import { Icon, type IconName } from './Icon.tsx';

/** Colour, form and word say the same. */
const LOOKS: Record<LicenseStatus, { tone: 'good' | 'calm' | 'warn' | 'bad'; icon: IconName }> = {
  in_inventory: { tone: 'calm', icon: 'ring' },
  assigned: { tone: 'calm', icon: 'ring' },
  active: { tone: 'good', icon: 'check' },
  expiring: { tone: 'warn', icon: 'clock' },
  expired: { tone: 'bad', icon: 'cross' },
  suspended: { tone: 'bad', icon: 'stop' },
  revoked: { tone: 'bad', icon: 'cross' },
};

export function StatusChip({ status }: { status: LicenseStatus }) {
  const { t } = useTranslation();
  const { tone, icon } = LOOKS[status];
  return (
    <span className={`chip ${tone}`}>
      <Icon name={icon} />
      {t(`license.status.${status}`)}
    </span>
  );
}
