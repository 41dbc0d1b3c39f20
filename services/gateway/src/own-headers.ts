import { securityHeaders } from '@smartserver/service-kit';

/** Headers of what the gateway answers itself; a page has a wider content policy of its own. */
export const ownHeaders = async (production: boolean): Promise<Record<string, string>> => {
  const { 'strict-transport-security': hsts, ...headers } = await securityHeaders();
  return {
    ...headers,
    'cache-control': 'no-store',
    // Elsewhere it would bar a developer's browser from plain http on that host for a year.
    ...(production && hsts !== undefined ? { 'strict-transport-security': hsts } : {}),
  };
};
