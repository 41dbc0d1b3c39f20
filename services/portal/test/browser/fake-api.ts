import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import type { Page } from 'playwright-core';
import { history, offlineActivation, returnedActivation, samples } from './samples.ts';

type Answer = { status?: number; body: unknown; headers?: Record<string, string> };
export type Answers = Record<string, Answer | ((url: URL, headers: Record<string, string>, body: string) => Answer)>;

export const answer = (body: unknown, status = 200): Answer => ({ status, body });

/** A problem of the catalogue, as the API answers it. */
export const problemAnswer = (code: ProblemCode, headers: Record<string, string> = {}): Answer => {
  const { status, title, advice } = PROBLEMS[code];
  const body = { type: `/problems/${code}`, title, status, detail: advice, instance: '7d5f0c1e9a3b4f62', code };
  return { status, body, headers };
};

const all = Object.values(samples);

/** A signed-in customer with licenses in every state. */
const usual: Answers = {
  'POST /v1/auth/refresh': answer({ accessToken: 'token', tokenType: 'Bearer', expiresIn: 900 }),
  'GET /v1/me': answer({ kind: 'customer' }),
  'GET /v1/licenses': answer({ items: all, nextCursor: null }),
  ...Object.fromEntries(
    all.flatMap((license) => [
      [`GET /v1/licenses/${license.licenseId}`, answer(license)],
      [`GET /v1/licenses/${license.licenseId}/history`, answer({ items: history, nextCursor: null })],
      [`GET /v1/offline-activations?licenseId=${license.licenseId}`, answer({ items: [], nextCursor: null })],
    ]),
  ),
  [`GET /v1/offline-activations?licenseId=${samples.offline.licenseId}`]: answer({
    items: [offlineActivation],
    nextCursor: null,
  }),
  [`GET /v1/offline-activations?licenseId=${samples.ready.licenseId}`]: answer({
    items: [returnedActivation],
    nextCursor: null,
  }),
};

/**
 * Answers for the API in this page alone; the pages, their headers and scripts are the real ones. For what the real system cannot
 * be brought to show in a test: long terms, failures.
 * @param own `METHOD /path` → answer; over the usual ones
 */
export const fakeApi = async (page: Page, own: Answers = {}): Promise<void> => {
  const answers: Answers = { ...usual, ...own };
  // Who has no session here was never here.
  const known = !('POST /v1/auth/refresh' in own);
  if (known) await page.addInitScript(() => localStorage.setItem('portal.session', '1'));
  await page.route('**/v1/**', async (route) => {
    const request = route.request();
    const url = new URL(request.url());
    const licenseId = url.searchParams.get('licenseId');
    const name = `${request.method()} ${url.pathname}${licenseId === null ? '' : `?licenseId=${licenseId}`}`;
    const found = answers[name] ?? problemAnswer('not_found');
    const {
      status = 200,
      body,
      headers,
    } = typeof found === 'function' ? found(url, request.headers(), request.postData() ?? '') : found;
    const contentType = status >= 400 ? 'application/problem+json' : 'application/json';
    await route.fulfill({ status, headers: { ...headers, 'content-type': contentType }, body: JSON.stringify(body) });
  });
};
