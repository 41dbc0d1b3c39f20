import { tokenCheck } from '@smartserver/testing';
import { actorWith, fixedClock, signingKey, tokenOf } from '../../test/sample/app.ts';
import { createTokenVerifier } from './token-verifier.ts';

describe('the token verifier', () => {
  const setup = () => {
    const clock = fixedClock();
    const published = [signingKey('key-1')];
    const state = { fetches: 0, down: false, published };
    const waits: number[] = [];
    const verifier = createTokenVerifier({
      clock,
      jwks: async () => {
        state.fetches += 1;
        if (state.down) throw new Error('account is down');
        return { keys: state.published.map(({ jwk }) => jwk) };
      },
      wait: async (ms) => {
        waits.push(ms);
        clock.advance(ms);
      },
    });
    const first = published[0] ?? signingKey('never');
    const token = (key = first, change: Parameters<typeof tokenOf>[3] = {}) =>
      tokenOf(key, actorWith(), clock.now(), change);
    return { clock, state, waits, verify: tokenCheck(verifier), first, token };
  };

  const refused = expect.objectContaining({ code: 'unauthenticated' });

  test('gives the actor of a token that account made', async () => {
    const { verify, token } = setup();
    expect(await verify(token())).toEqual(actorWith());
  });

  test('fetches the keys once for all tokens, and does not check the signature of a known token again', async () => {
    const { verify, token, state } = setup();
    const known = token();
    const [a, b] = await Promise.all([verify(known), verify(token())]);
    expect(await verify(known)).toBe(await verify(known));
    expect([a, b]).toEqual([actorWith(), actorWith()]);
    expect(state.fetches).toBe(1);
  });

  test.each<[string, NonNullable<Parameters<typeof tokenOf>[3]>]>([
    ['of another issuer', { claims: { iss: 'someone-else' } }],
    ['for another audience', { claims: { aud: 'another-api' } }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['without a type', { header: { typ: undefined } }],
    ['of no algorithm', { header: { alg: 'none' } }],
    ['of another algorithm', { header: { alg: 'HS256' } }],
    ['without an issuer', { claims: { iss: undefined } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['without a subject', { claims: { sub: undefined } }],
    ['without an expiry', { claims: { exp: undefined } }],
    ['whose expiry is no number', { claims: { exp: 'never' } }],
    ['that has expired', { claims: { exp: 1 } }],
    ['not yet in force', { claims: { nbf: 4_000_000_000 } }],
    ['without a key id', { header: { kid: undefined } }],
    ['of an unknown kind of actor', { claims: { actor: 'root' } }],
    ['of a partner’s user without a partner', { claims: { partnerId: undefined } }],
    ['of a partner’s user with an unknown role', { claims: { role: 'owner' } }],
    ['with a critical extension', { header: { crit: ['x'], x: 1 } }],
  ])('refuses a token %s', async (_what, change) => {
    const { verify, token } = setup();
    await expect(verify(token(undefined, change))).rejects.toEqual(refused);
  });

  test('refuses a token that another key signed under a known id, and every altered one', async () => {
    const { verify, token } = setup();
    await expect(verify(token(signingKey('key-1')))).rejects.toEqual(refused);
    const good = token();
    for (let at = 0; at < good.length; at += 7) {
      const other = good[at] === 'A' ? 'B' : 'A';
      await expect(verify(good.slice(0, at) + other + good.slice(at + 1))).rejects.toEqual(refused);
    }
    await expect(verify('x'.repeat(20_000))).rejects.toEqual(refused);
    await expect(verify(good.slice(0, good.lastIndexOf('.') + 1))).rejects.toEqual(refused);
    expect(await verify(good)).toEqual(actorWith());
  });

  test('refuses a token that it knows, from the second it expires', async () => {
    const { verify, token, clock } = setup();
    const known = token();
    await verify(known);
    clock.advance(899_999);
    expect(await verify(known)).toEqual(actorWith());
    clock.advance(1);
    await expect(verify(known)).rejects.toEqual(refused);
  });

  test('takes tokens of a new key at once, and of the old one while it is published', async () => {
    const { verify, token, state, first, clock } = setup();
    await verify(token());
    clock.advance(5_000);
    const second = signingKey('key-2');
    state.published = [first, second];
    expect(await verify(token(second))).toEqual(actorWith());
    expect(await verify(token(first))).toEqual(actorWith());
    expect(state.fetches).toBe(2);
  });

  test('refuses tokens of a withdrawn key within a minute, also those it knows', async () => {
    const { verify, token, state, first, clock } = setup();
    const known = token();
    await verify(known);
    state.published = [signingKey('key-2')];
    clock.advance(60_000);
    // The answer of this request comes from the old keys; the new ones are fetched behind it.
    const isAccepted = () => verify(known).then(Boolean, () => false);
    for (let tries = 0; tries < 1_000 && (await isAccepted()); tries += 1) await new Promise(setImmediate);
    await expect(verify(known)).rejects.toEqual(refused);
    await expect(verify(token(first))).rejects.toEqual(refused);
  });

  test('fetches at most once a second for made-up key ids', async () => {
    const { verify, token, state, waits } = setup();
    await verify(token());
    const made = Array.from({ length: 50 }, (_, i) => token(signingKey(`made-up-${i}`)));
    const results = await Promise.allSettled(made.map((one) => verify(one)));
    expect(results.every(({ status }) => status === 'rejected')).toBe(true);
    expect(state.fetches).toBe(2);
    expect(waits).toEqual([1_000]);
  });

  test('keeps known keys while account is down, and is unavailable without any', async () => {
    const { verify, token, state, clock, first } = setup();
    state.down = true;
    await expect(verify(token())).rejects.toMatchObject({
      code: 'unavailable',
      headers: { 'retry-after': '1' },
    });
    state.down = false;
    await verify(token());
    state.down = true;
    clock.advance(120_000);
    expect(await verify(token(first))).toEqual(actorWith());
    expect(await verify(token(first))).toEqual(actorWith());
  });

  test('keeps no more tokens than it may', async () => {
    const clock = fixedClock();
    const key = signingKey('key-1');
    const verify = tokenCheck(createTokenVerifier({ clock, jwks: async () => ({ keys: [key.jwk] }), cacheSize: 2 }));
    const tokens = ['a', 'b', 'c'].map((id) => tokenOf(key, actorWith([], id), clock.now()));
    const actors = [];
    for (const token of tokens) actors.push(await verify(token));
    expect(await verify(tokens[2] ?? '')).toBe(actors[2]);
    expect(await verify(tokens[0] ?? '')).not.toBe(actors[0]);
  });
});
