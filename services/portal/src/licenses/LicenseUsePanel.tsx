import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { configQuery, type License } from '../api/queries.ts';
import { ButtonLink } from '../components/Button.tsx';
import { Contact } from '../components/Contact.tsx';
import { FilePanel } from './FilePanel.tsx';
import type { LicenseUse } from './license-state.ts';

/** The one thing to do with the license now, or why there is none. */
export function LicenseUsePanel({ license, use }: { license: License; use: LicenseUse }) {
  const { t } = useTranslation();
  switch (use.kind) {
    case 'can_create':
      return (
        <Panel title={t('use.assigned')} text={t('use.assignedText')}>
          <p>
            <ButtonLink
              to="/licenses/$licenseId/activate"
              params={{ licenseId: license.licenseId }}
              weight="primary"
              icon="next"
            >
              {t('use.create')}
            </ButtonLink>
          </p>
          <p className="small">{t('use.assignedOnline')}</p>
        </Panel>
      );
    case 'customer_success':
      return (
        <Panel title={t('use.maintenance')} text={t('use.maintenanceText')}>
          <CustomerSuccess />
          {license.kind !== 'remote_cms' && <p className="small">{t('use.maintenanceOnline')}</p>}
        </Panel>
      );
    case 'offline':
      return <FilePanel activation={use.activation} />;
    case 'online':
      return <Panel title={t('use.online')} text={t('use.onlineText')} />;
    case 'suspended':
      return (
        <Panel title={t('use.suspended')} text={t('use.suspendedText')}>
          <CustomerSuccess />
        </Panel>
      );
    case 'revoked':
      return (
        <Panel title={t('use.revoked')} text={t('use.revokedText')}>
          <CustomerSuccess />
        </Panel>
      );
    case 'unavailable':
      return <Panel title={t('use.unavailable')} text={t('problems.license_not_available.advice')} />;
  }
}

function Panel(props: { title: string; text: string; children?: ReactNode }) {
  return (
    <section className="card panel">
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.children}
    </section>
  );
}

function CustomerSuccess() {
  const { t } = useTranslation();
  const { data } = useQuery(configQuery);
  if (!data) return null;
  return (
    <p className="contact">
      <span>{t('use.contact')}</span>
      <Contact contact={data.customerSuccessContact} />
    </p>
  );
}
