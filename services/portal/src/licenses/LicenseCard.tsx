import { Link } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import type { License } from '../api/queries.ts';
import { InstallCode } from '../components/Codes.tsx';
import { StatusChip } from '../components/StatusChip.tsx';
import { useFormat } from '../i18n/format.ts';
import { DeviceCount } from './DeviceCount.tsx';
import { Validity } from './Validity.tsx';

/** One license in the list, like the plate on a cabinet: what it is worth on the left, the rest beside it. */
export function LicenseCard({ license }: { license: License }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { licenseId, kind, deviceCount, place, installCode, activatedAt, note } = license;
  const name = t(`license.kinds.${kind}`);
  const devices = `${format.number(deviceCount)} ${t('license.devices', { count: deviceCount })}`;
  return (
    <li className="card plate">
      <DeviceCount count={deviceCount} />
      <div className="plate-body">
        <div className="plate-head">
          <h2>
            <Link to="/licenses/$licenseId" params={{ licenseId }} className="cover" aria-label={`${name}, ${devices}`}>
              {name}
            </Link>
          </h2>
          <StatusChip status={license.status} />
        </div>
        {note !== '' && <p className="plate-note">{note}</p>}
        <dl className="facts">
          <div>
            <dt>{t('license.where')}</dt>
            <dd>
              {place === 'controller' && installCode ? (
                <Trans i18nKey="license.whereController" components={[<InstallCode key="code" code={installCode} />]} />
              ) : (
                t('license.whereCloud')
              )}
            </dd>
          </div>
          {activatedAt && (
            <div>
              <dt>{t('license.activated')}</dt>
              <dd>{format.date(activatedAt)}</dd>
            </div>
          )}
          <Validity license={license} />
          <div className="plate-id">
            <dt>{t('license.licenseId')}</dt>
            <dd className="code">{licenseId}</dd>
          </div>
        </dl>
      </div>
    </li>
  );
}
