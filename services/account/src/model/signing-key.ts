import type { Fixed, Optional } from './columns.ts';

export type SigningKeysTable = {
  /** RFC 7638 thumbprint. */
  kid: Fixed<string>;
  /** `x` of its JWK. */
  public_key: Fixed<string>;
  private_key_sealed: Fixed<Buffer>;
  signs_from: Fixed<Date>;
  /** Null for the newest key. */
  published_until: Optional<Date>;
  created_at: Fixed<Date>;
};
