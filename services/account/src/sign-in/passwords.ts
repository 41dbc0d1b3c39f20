import { hash, verify } from '@node-rs/argon2';

/** Passwords at rest: argon2id. [domain.md, "Who may do what"] */
export type Passwords = {
  hash(password: string): Promise<string>;
  /** Takes equally long whether there is a hash or not, so that the answer's time does not show which addresses exist. */
  verify(passwordHash: string | null, password: string): Promise<boolean>;
};

/** OWASP's first recommendation for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** A hash of the same cost: what an unknown address is checked against, and refused whatever comes out. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$pOo2m6zWg1nTNk1Q3U1LhQ$rl+VoJXMkYQ9+oee8eOCLIyhamMB9JI8aB821m2LbkI';

/** The same word typed on two keyboards may be two byte sequences. */
const canonical = (password: string): string => password.normalize('NFKC');

export const argon2Passwords: Passwords = {
  hash: (password) => hash(canonical(password), COST),
  verify: async (passwordHash, password) => {
    const matches = await verify(passwordHash ?? NOBODYS_HASH, canonical(password));
    return matches && passwordHash !== null;
  },
};
