import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type LicenseFilter, licensesQuery, NO_FILTER } from '../api/queries.ts';
import { Button } from '../components/Button.tsx';
import { ErrorNotice } from '../components/ErrorNotice.tsx';
import { Page } from '../components/Page.tsx';
import { Waiting } from '../components/Waiting.tsx';
import { LicenseCard } from './LicenseCard.tsx';
import { LicenseFilters } from './LicenseFilters.tsx';
import { useSettled } from './use-settled.ts';

/** Nobody is asked before a word is typed. */
const TYPING_MS = 250;

/** Fewer are found faster by looking. */
const MANY = 8;

export function LicensesPage() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<LicenseFilter>(NO_FILTER);
  const asked = useSettled(filter, TYPING_MS);
  const { data, error, isPending, isPlaceholderData, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery({ ...licensesQuery(asked), placeholderData: keepPreviousData });

  const licenses = data?.pages.flatMap((page) => page.items) ?? [];
  const unfiltered = filter.text === '' && filter.place === 'all';
  const filters = useRef(false);
  filters.current ||= unfiltered && (licenses.length > MANY || hasNextPage);

  const count = hasNextPage
    ? t('licenses.countMore', { count: licenses.length })
    : t('licenses.count', { count: licenses.length });
  return (
    <Page title={t('licenses.title')}>
      {filters.current && <LicenseFilters filter={filter} onChange={setFilter} />}
      {isPending && !error && <Waiting rows={3} />}
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {data && (
        <>
          <p role="status" className={licenses.length > 0 ? 'list-count' : 'unseen'}>
            {count}
          </p>
          <ul className="plates" aria-busy={isPlaceholderData}>
            {licenses.map((license) => (
              <LicenseCard key={license.licenseId} license={license} />
            ))}
          </ul>
          {licenses.length === 0 && (unfiltered ? <Empty /> : <NoMatch onClear={() => setFilter(NO_FILTER)} />)}
          {hasNextPage && (
            <p className="more">
              <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                {t('licenses.more')}
              </Button>
            </p>
          )}
        </>
      )}
    </Page>
  );
}

function Empty() {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <h2>{t('licenses.empty')}</h2>
      <p>{t('licenses.emptyText')}</p>
    </div>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="empty">
      <h2>{t('licenses.none')}</h2>
      <p>{t('licenses.noneText')}</p>
      <Button onPress={onClear}>{t('licenses.noneClear')}</Button>
    </div>
  );
}
