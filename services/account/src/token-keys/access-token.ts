import type { AccessToken, Actor } from '@smartserver/contracts';
import type { TokenContent } from '@smartserver/service-kit';
import type { Deps } from '../deps.ts';
import { ACCESS_TOKEN_SECONDS } from './rotation.ts';

export const newToken = ({ ids }: Deps, actor: Actor, now: Date): TokenContent => ({
  actor,
  tokenId: ids.random(),
  issuedAt: now.toISOString(),
});

/** The answer of an operation that gives an access token. */
export const renderToken = async ({ keys }: Deps, content: TokenContent): Promise<AccessToken> => ({
  accessToken: await keys.sign(content),
  tokenType: 'Bearer',
  expiresIn: ACCESS_TOKEN_SECONDS,
});

export const accessTokenExample: AccessToken = {
  accessToken: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIuLi4ifQ.c2ln',
  tokenType: 'Bearer',
  expiresIn: 900,
};
