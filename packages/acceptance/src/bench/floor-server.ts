import { ACTIVATION_STATEMENT, activationValues } from '@smartserver/activation/statement';
import { normalizeInstallCode } from '@smartserver/contracts';
import { createSigner, importPrivateKey, type LicenseDocument } from '@smartserver/license-document';
import { systemClock, systemIds } from '@smartserver/service-kit';
import fastify from 'fastify';
import pg from 'pg';

// The floor of an activation: one bare Fastify process with a bare pg pool, doing the same statement and signing, and nothing else.
// No gateway, no token, no validation of input or shaping of output, no events that travel.

type Facts = LicenseDocument & { kid: string };

const {
  DATABASE_URL,
  PORT,
  SIGNING_KEY = '',
  CERTIFICATE = '',
  CUSTOMER_ID = '',
  PARTNER_ID = '',
  DEVICE_KEY = '',
} = process.env;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });
const signer = createSigner({ signingKey: importPrivateKey(SIGNING_KEY), certificate: CERTIFICATE });
const deps = { clock: systemClock, ids: systemIds, kid: signer.kid };
const app = fastify();

app.get('/readyz', async () => ({ status: 'ready' }));

app.post<{ Params: { installCode: string }; Body: { licenseIds: string[] } }>(
  '/v1/controllers/:installCode/activations',
  async (request, reply) => {
    const contact = {
      installCode: normalizeInstallCode(request.params.installCode),
      customerId: CUSTOMER_ID,
      partnerId: PARTNER_ID,
      deviceKey: DEVICE_KEY,
    };
    const cause = { actor: { kind: 'cms' as const, id: contact.installCode }, traceparent: null };
    const values = activationValues({ contact, licenseIds: request.body.licenseIds, cause, idempotency: null }, deps);
    const { rows } = await pool.query<{ facts: string }>({ name: 'activate', text: ACTIVATION_STATEMENT, values });
    const facts = JSON.parse(rows[0]?.facts ?? '') as Facts;
    const licenses = facts.licenses.map(({ licenseId, kind, deviceCount, activatedAt, expiresAt }) => ({
      licenseId,
      kind,
      deviceCount,
      activatedAt,
      expiresAt,
    }));
    const { installCode, customerId, serial, issuedAt } = facts;
    const jws = signer.sign({ formatVersion: 1, issuer: 'bench', installCode, customerId, serial, issuedAt, licenses });
    return reply.code(201).send({ activations: licenses, document: { installCode, serial, issuedAt, jws } });
  },
);

await app.listen({ host: '127.0.0.1', port: Number(PORT) });
