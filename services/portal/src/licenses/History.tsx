import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Trans, useTranslation } from 'react-i18next';
import { type HistoryEntry, historyQuery, type License } from '../api/queries.ts';
import { InstallCode } from '../components/Codes.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Waiting } from '../components/Waiting.tsx';
import { useFormat } from '../i18n/format.ts';

const ACTORS = ['staff', 'partner_user', 'api_client', 'customer', 'cms', 'system'] as const;
const isActor = (kind: string): kind is (typeof ACTORS)[number] => (ACTORS as readonly string[]).includes(kind);

export function History({ license }: { license: License }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery({
    ...historyQuery(license),
    placeholderData: keepPreviousData,
  });
  return (
    <section className="history" aria-labelledby="history-title">
      <h2 id="history-title">{t('history.title')}</h2>
      {isPending && !error && <Waiting rows={2} />}
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {data?.length === 0 && <p className="quiet">{t('history.empty')}</p>}
      {data && data.length > 0 && (
        <ol className="timeline">
          {data.map((entry) => (
            <Entry key={entry.entryId} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: HistoryEntry }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { event, at, actor, installCode, detail } = entry;
  const code = installCode ? [<InstallCode key="code" code={installCode} />] : null;
  const what = () => {
    if (code && event === 'activated') return <Trans i18nKey="history.events.activatedOn" components={code} />;
    if (code && event === 'returned') return <Trans i18nKey="history.events.returnedFrom" components={code} />;
    return t(`history.events.${event}`);
  };
  return (
    <li>
      <p className="timeline-what">
        {what()}
        {isActor(actor.kind) && <span className="quiet"> {t(`history.by.${actor.kind}`)}</span>}
      </p>
      {detail && <p className="small">{detail}</p>}
      <time dateTime={at}>{format.dateTime(at)}</time>
    </li>
  );
}
