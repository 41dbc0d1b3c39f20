import type { ProblemCode } from '@smartserver/contracts';
import { ACTORS, type ActorName } from '../actors.ts';
import type { Estate } from '../estate.ts';
import type { Parts, Send } from '../http.ts';
import type { Target } from '../target.ts';

/** One way to call an operation, by one of the ids that it can name. */
export type Case = {
  /** The place of the id; null where the request names nothing. */
  about: string | null;
  /** @param target what the id is taken from  @param estate of the actor: for everything else in the request */
  request: (target: Target, estate: Estate, send: Send) => Parts | Promise<Parts>;
  /** The answer to a caller that may call the operation, but not with this id. `empty`: a page without items. */
  missing?: ProblemCode | 'empty';
  /** Whom it is about, of those that the row allows. */
  actors?: readonly ActorName[];
  /** Which targets are tried. */
  targets?: readonly Target['kind'][];
  /** Staff sees every account, but here the request names something of the first one too, and they must belong together. */
  oneAccount?: boolean;
};

/** Who may call an operation [domain.md, "Who may do what"], and how. The others get 401 or 403, whatever they name. */
export type Row = { operationId: string; allowed: readonly ActorName[]; cases: readonly Case[] };

export const ANYONE: readonly ActorName[] = ACTORS;
export const SIGNED_IN: readonly ActorName[] = ACTORS.filter((actor) => actor !== 'nobody');
export const STAFF: readonly ActorName[] = ['staff'];
/** A partner's people and machines that may change things. */
export const WRITERS: readonly ActorName[] = ['staff', 'admin', 'member', 'client'];
export const READERS: readonly ActorName[] = [...WRITERS, 'viewer'];
/** Who manages a partner's credentials. */
export const ADMINS: readonly ActorName[] = ['staff', 'admin'];

/** A case without an id: a list, or something new. */
export const plain = (request: Case['request']): Case => ({ about: null, request, targets: ['own'] });

/** Any ETag. */
export const ANY_VERSION = { 'if-match': '*' };
