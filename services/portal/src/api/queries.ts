import type { components } from '@smartserver/client';
import { dataOf } from '@smartserver/client';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from './client.ts';

type Schemas = components['schemas'];
export type License = Schemas['License'];
export type LicenseStatus = Schemas['LicenseStatus'];
type LicensePlace = Schemas['LicensePlace'];
export type HistoryEntry = Schemas['LicenseHistoryEntry'];
export type OfflineActivation = Schemas['OfflineActivation'];
export type OfflineReturn = Schemas['OfflineReturn'];

export type LicenseFilter = { text: string; place: LicensePlace | 'all' };

export const NO_FILTER: LicenseFilter = { text: '', place: 'all' };

const PAGE = 50;

export const licensesQuery = (filter: LicenseFilter) =>
  infiniteQueryOptions({
    queryKey: ['licenses', filter],
    queryFn: async ({ pageParam }) => {
      const text = filter.text.trim();
      const query = {
        limit: PAGE,
        ...(pageParam === null ? {} : { cursor: pageParam }),
        ...(text === '' ? {} : { text }),
        ...(filter.place === 'all' ? {} : { place: filter.place }),
      };
      return dataOf(api.GET('/v1/licenses', { params: { query } }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

export const licenseQuery = (licenseId: string) =>
  queryOptions({
    queryKey: ['license', licenseId],
    queryFn: async () => dataOf(api.GET('/v1/licenses/{licenseId}', { params: { path: { licenseId } } })),
  });

export const offlineActivationsQuery = (licenseId: string) =>
  queryOptions({
    queryKey: ['offline-activations', licenseId],
    queryFn: async () => {
      const query = { licenseId, limit: PAGE };
      return (await dataOf(api.GET('/v1/offline-activations', { params: { query } }))).items;
    },
  });

/** A license moves a few times in its life; more moves than this are not shown. */
const HISTORY_PAGES = 5;

/** Newest first. Asked for anew whenever the license has moved or changed. */
export const historyQuery = ({ licenseId, version, status, installCode, activatedAt }: License) =>
  queryOptions({
    queryKey: ['history', licenseId, version, status, installCode, activatedAt],
    queryFn: async () => {
      const entries: HistoryEntry[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < HISTORY_PAGES; page += 1) {
        const query: { limit: number; cursor?: string } = { limit: 200, ...(cursor === null ? {} : { cursor }) };
        const params = { path: { licenseId }, query };
        const answer = await dataOf(api.GET('/v1/licenses/{licenseId}/history', { params }));
        entries.push(...answer.items);
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return entries.reverse();
    },
  });

/** What the operator of this system says about itself. Served by the gateway. */
export type PortalConfig = { customerSuccessContact: string };

export const configQuery = queryOptions({
  queryKey: ['config'],
  queryFn: async (): Promise<PortalConfig> => {
    const answer = await fetch(`${import.meta.env.BASE_URL}config.json`);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return (await answer.json()) as PortalConfig;
  },
  staleTime: Number.POSITIVE_INFINITY,
});
