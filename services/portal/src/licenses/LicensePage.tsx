import { useParams } from '@tanstack/react-router';
import { Trans, useTranslation } from 'react-i18next';
import type { License } from '../api/queries.ts';
import { CopyButton, InstallCode } from '../components/Codes.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { BackLink, Page } from '../components/Page.tsx';
import { StatusChip } from '../components/StatusChip.tsx';
import { Waiting } from '../components/Waiting.tsx';
import { useFormat } from '../i18n/format.ts';
import { FormerFiles } from './FormerFiles.tsx';
import { History } from './History.tsx';
import { LicenseUsePanel } from './LicenseUsePanel.tsx';
import { isMoving, useOf } from './license-state.ts';
import { useLicense } from './use-license.ts';
import { Validity } from './Validity.tsx';

export function LicensePage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { licenseId } = useParams({ from: '/signed-in/licenses/$licenseId' });
  const { license, activations, error, retry } = useLicense(licenseId);
  const title = license
    ? `${t(`license.kinds.${license.kind}`)}, ${format.number(license.deviceCount)} ${t('license.devices', { count: license.deviceCount })}`
    : t('license.licenseId');
  return (
    <Page title={title} above={<BackLink to="/">{t('license.back')}</BackLink>}>
      {error && <ErrorNotice error={error} retry={retry} />}
      {!license && !error && <Waiting rows={3} />}
      {license && activations && (
        <>
          <p className="under-title">
            <StatusChip status={license.status} />
            {isMoving(license, activations) && (
              <span className="moving" role="status">
                {t('license.moving')}
              </span>
            )}
          </p>
          <div className="columns">
            <div>
              <LicenseUsePanel license={license} use={useOf(license, activations)} />
              <FormerFiles activations={activations} />
            </div>
            <Facts license={license} />
          </div>
          <History license={license} />
        </>
      )}
    </Page>
  );
}

function Facts({ license }: { license: License }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { licenseId, customerId, place, installCode, activatedAt, note } = license;
  return (
    <dl className="card facts stacked">
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
      <div>
        <dt>{t('license.activated')}</dt>
        <dd>{activatedAt ? format.date(activatedAt) : t('license.activatedNot')}</dd>
      </div>
      <Validity license={license} />
      {note !== '' && (
        <div>
          <dt>{t('license.note')}</dt>
          <dd className="plate-note">{note}</dd>
        </div>
      )}
      <div>
        <dt>{t('license.licenseId')}</dt>
        <dd className="copyable">
          <span className="code id">{licenseId}</span>
          <CopyButton text={licenseId} what={t('license.licenseId')} />
        </dd>
      </div>
      {customerId && (
        <div>
          <dt>{t('license.customerId')}</dt>
          <dd className="copyable">
            <span className="code id">{customerId}</span>
            <CopyButton text={customerId} what={t('license.customerId')} />
          </dd>
        </div>
      )}
    </dl>
  );
}
