import { createApi } from '@smartserver/client';
import { session } from './session.ts';

const TIMEOUT_MS = 20_000;

const send = (request: Request, token: string | null): Promise<Response> => {
  const attempt = new Request(request.clone());
  if (token !== null) attempt.headers.set('authorization', `Bearer ${token}`);
  return fetch(attempt);
};

/** With the access token; one that has expired on the way is replaced, once. */
const authorized = async (request: Request): Promise<Response> => {
  const token = session.accessToken;
  const answer = await send(request, token);
  if (answer.status !== 401 || token === null) return answer;
  const goesOn = await session.refresh();
  return goesOn ? send(request, session.accessToken) : answer;
};

/** The API, as the person who is signed in. Repeats are the pages' decision: somebody waits for the answer. */
export const api = createApi({
  baseUrl: globalThis.location.origin,
  timeoutMs: TIMEOUT_MS,
  retries: 0,
  fetch: (input) => authorized(input as Request),
});
