import type { TestApp } from './harness.ts';

export const basic = (clientId: string, clientSecret: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64')}`,
});

/** A form-encoded request for a token, as OAuth client libraries send it. */
export const tokenRequest = (account: TestApp, form: string, headers: Record<string, string> = {}) =>
  account.app.inject({
    method: 'POST',
    url: '/v1/auth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: form,
  });
