import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { ACCESS_TOKEN, CMS_SCOPES } from '@smartserver/contracts';
import { Client } from 'pg';
import type { Shot } from './fire.ts';

/** Licenses that each controller activates, one request after the other. */
const LICENSES_EACH = 5;

/** Controllers that take turns, more than there are connections: one waits for its answer before it asks again. */
const AT_ONCE = 200;
const TURN = AT_ONCE * LICENSES_EACH;

const base64url = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Keys of account's kind, published at an address of their own: the bench opens thousands of sessions without asking account. */
export class TokenMint {
  readonly url: string;
  private readonly server: Server;
  private readonly privateKey: KeyObject;
  private readonly kid: string;

  private constructor(server: Server, url: string, privateKey: KeyObject, kid: string) {
    this.server = server;
    this.url = url;
    this.privateKey = privateKey;
    this.kid = kid;
  }

  static async open(): Promise<TokenMint> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const { x = '' } = publicKey.export({ format: 'jwk' });
    const kid = createHash('sha256')
      .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
      .digest('base64url');
    const keys = JSON.stringify({
      keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid, alg: ACCESS_TOKEN.algorithm, use: 'sig' }],
    });
    const server = createServer((_, response) => response.setHeader('content-type', 'application/json').end(keys));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('No address.');
    return new TokenMint(server, `http://127.0.0.1:${address.port}/jwks.json`, privateKey, kid);
  }

  token(subject: string, claims: object): string {
    const { issuer, audience, type, algorithm } = ACCESS_TOKEN;
    const now = Math.floor(Date.now() / 1000);
    const head = base64url({ alg: algorithm, typ: type, kid: this.kid });
    const body = base64url({
      iss: issuer,
      aud: audience,
      sub: subject,
      iat: now,
      exp: now + 3600,
      jti: randomUUID(),
      ...claims,
    });
    return `${head}.${body}.${sign(null, Buffer.from(`${head}.${body}`), this.privateKey).toString('base64url')}`;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

export type BenchDatabases = { license: string; activation: string; notification: string };

/** One customer with controllers that are linked and licenses that wait to be downloaded, put straight into the databases. */
export class Estate {
  readonly partnerId = randomUUID();
  readonly customerId = randomUUID();
  readonly deviceKey = 'A'.repeat(43);
  private readonly tag = randomUUID().slice(0, 8).toUpperCase();
  private readonly licenseIds: string[] = [];
  private taken = 0;

  /** @param activations how many requests there will be at the most */
  async fill(databases: BenchDatabases, activations: number): Promise<void> {
    const controllers = Math.ceil(activations / TURN) * AT_ONCE;
    for (let n = 0; n < controllers * LICENSES_EACH; n += 1) this.licenseIds.push(randomUUID());
    await withClient(databases.activation, async (client) => {
      await client.query(
        `insert into controllers (partner_id, customer_id, install_code, segment_name, software_version, device_key, document_issued_at, created_at)
         select $1, $2, $3 || n, 'Bench', '4.40.012', $4, now(), now() from generate_series(0, $5::int - 1) as n`,
        [this.partnerId, this.customerId, this.tag, this.deviceKey, controllers],
      );
      await client.query(
        `insert into licenses (partner_id, customer_id, license_id, version, kind, device_count, owner, standing, note)
         select $1, $2, id, 2, 'capacity', 200, 'customer', 'good', '' from unnest($3::uuid[]) as id`,
        [this.partnerId, this.customerId, this.licenseIds],
      );
      await client.query('analyze');
    });
    // A customer without contacts: no e-mail is sent, but the event is consumed.
    await withClient(databases.notification, (client) =>
      client.query("insert into customers values ($1, $2, 'Bench', '[]', 1)", [this.customerId, this.partnerId]),
    );
    await withClient(databases.license, async (client) => {
      const order = randomUUID();
      await client.query('insert into orders values ($1, $2, $3, now())', [this.partnerId, order, 'bench']);
      await client.query(
        `insert into licenses (partner_id, row_id, license_id, order_id, order_reference, kind, device_count, customer_id, created_at, version)
         select $1, gen_random_uuid(), id, $2, 'bench', 'capacity', 200, $3, now(), 2 from unnest($4::uuid[]) as id`,
        [this.partnerId, order, this.customerId, this.licenseIds],
      );
      await client.query('analyze');
    });
  }

  /** Requests to activate one license each, as the CMS sends them: a controller opens one session and activates its licenses. */
  activations(mint: TokenMint | null): () => Shot {
    const tokens = new Map<string, string>();
    return () => {
      const number = this.taken;
      this.taken += 1;
      const licenseId = this.licenseIds[number];
      if (licenseId === undefined) throw new Error('The bench has used up its licenses.');
      const installCode = `${this.tag}${Math.floor(number / TURN) * AT_ONCE + (number % AT_ONCE)}`;
      const headers: Record<string, string> = { 'content-type': 'application/json' };
      if (mint) {
        if (number % TURN === 0) tokens.clear();
        const token = tokens.get(installCode) ?? this.session(mint, installCode);
        tokens.set(installCode, token);
        headers.authorization = `Bearer ${token}`;
      }
      const body = JSON.stringify({ licenseIds: [licenseId] });
      return { method: 'POST', path: `/v1/controllers/${installCode}/activations`, headers, body };
    };
  }

  partnerToken(mint: TokenMint): string {
    return mint.token(randomUUID(), {
      actor: 'partner_user',
      scope: 'licenses:read',
      partnerId: this.partnerId,
      role: 'viewer',
    });
  }

  get anyLicenseId(): string {
    return this.licenseIds.at(-1) ?? '';
  }

  private session(mint: TokenMint, installCode: string): string {
    const { partnerId, customerId, deviceKey } = this;
    return mint.token(installCode, {
      actor: 'cms',
      scope: CMS_SCOPES.join(' '),
      partnerId,
      customerId,
      installCode,
      deviceKey,
    });
  }
}

export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
