import createClient from 'openapi-fetch';
import type { paths } from '../generated/api.ts';
import { Unreachable } from './problems.ts';
import { session } from './session.ts';

const TIMEOUT_MS = 20_000;

const send = async (request: Request, token: string | null): Promise<Response> => {
  const attempt = new Request(request.clone(), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (token !== null) attempt.headers.set('authorization', `Bearer ${token}`);
  try {
    return await fetch(attempt);
  } catch (error) {
    throw new Unreachable(error);
  }
};

/** With the access token; one that has expired on the way is replaced, once. */
const authorized = async (request: Request): Promise<Response> => {
  const token = session.accessToken;
  const answer = await send(request, token);
  if (answer.status !== 401 || token === null) return answer;
  const goesOn = await session.refresh();
  return goesOn ? send(request, session.accessToken) : answer;
};

/** The API as `openapi/gateway.json` describes it. */
export const api = createClient<paths>({ baseUrl: globalThis.location.origin, fetch: authorized });
