import { ApiProblem, ApiUnreachable } from '@smartserver/client';
import type { Me } from '@smartserver/contracts';

type SessionState =
  /** It is being found out whether the cookie of an earlier visit still holds. */
  | { status: 'starting' }
  | { status: 'signed_out' }
  | { status: 'signed_in' }
  /** It was there and is over: expired, or signed out elsewhere. */
  | { status: 'ended' };

type Tokens = { accessToken: string };

/** A hint, no secret: without it a first visit would ask in vain whether there is a session. */
const HINT = 'portal.session';

const remember = (signedIn: boolean): void => {
  try {
    if (signedIn) localStorage.setItem(HINT, '1');
    else localStorage.removeItem(HINT);
  } catch {
    // Storage is blocked: a reload signs out then.
  }
};

const remembered = (): boolean => {
  try {
    return localStorage.getItem(HINT) !== null;
  } catch {
    return false;
  }
};

/**
 * The sign-in of this page. The access token lives in memory only; the refresh token is a cookie that no script can read, which
 * brings a new access token after a reload and every quarter of an hour.
 */
class Session {
  private state: SessionState = { status: 'starting' };
  private token: string | null = null;
  private refreshing: Promise<boolean> | null = null;
  private readonly listeners = new Set<() => void>();
  private readonly channel = new BroadcastChannel('portal.session');

  constructor() {
    this.channel.onmessage = ({ data }) => {
      // Another tab signed out, or signed in as somebody else: what is shown here is not theirs.
      if (data === 'changed' && this.token !== null) this.set({ status: 'ended' }, null);
    };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly current = (): SessionState => this.state;

  get accessToken(): string | null {
    return this.token;
  }

  /** Goes on with the session of an earlier visit, if there is one. @throws ApiUnreachable, ApiProblem when it cannot be found out */
  async start(): Promise<void> {
    if (this.state.status !== 'starting') return;
    if (!remembered()) return this.set({ status: 'signed_out' }, null);
    const goesOn = await this.refresh();
    if (!goesOn && this.state.status === 'starting') this.set({ status: 'signed_out' }, null);
  }

  begin({ accessToken }: Tokens): void {
    this.set({ status: 'signed_in' }, accessToken);
    remember(true);
    this.channel.postMessage('changed');
  }

  /** A new access token for the cookie. Everybody who needs one at the same time waits for the same. @returns whether it came */
  refresh(): Promise<boolean> {
    this.refreshing ??= this.fetchToken().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async signOut(): Promise<void> {
    this.set({ status: 'signed_out' }, null);
    remember(false);
    this.channel.postMessage('changed');
    await fetch('/v1/auth/logout', { method: 'POST', keepalive: true }).catch(() => undefined);
  }

  /** @throws ApiUnreachable, ApiProblem when it cannot be found out now */
  private async fetchToken(): Promise<boolean> {
    const answer = await ask('/v1/auth/refresh', { method: 'POST' });
    if (answer.status === 401) {
      this.end();
      return false;
    }
    const { accessToken } = (await answer.json()) as Tokens;
    // The cookie may be that of a partner or of Customer Success, who sign in at the same address.
    if (this.token === null && !(await isCustomer(accessToken))) return false;
    this.set({ status: 'signed_in' }, accessToken);
    return true;
  }

  private end(): void {
    remember(false);
    this.set({ status: this.state.status === 'signed_out' ? 'signed_out' : 'ended' }, null);
  }

  private set(state: SessionState, token: string | null): void {
    this.state = state;
    this.token = token;
    for (const listener of this.listeners) listener();
  }
}

/** An answer that says yes, or 401. @throws ApiUnreachable, ApiProblem */
const ask = async (path: string, init: RequestInit): Promise<Response> => {
  const answer = await fetch(path, init).catch((cause: unknown) => {
    throw new ApiUnreachable(globalThis.location.origin, cause);
  });
  if (!answer.ok && answer.status !== 401) throw new ApiProblem(answer.status, null, answer.headers);
  return answer;
};

const isCustomer = async (token: string): Promise<boolean> => {
  const answer = await ask('/v1/me', { headers: { authorization: `Bearer ${token}` } });
  return answer.ok && ((await answer.json()) as Pick<Me, 'kind'>).kind === 'customer';
};

export const session = new Session();
