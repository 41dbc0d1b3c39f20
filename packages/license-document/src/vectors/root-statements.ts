import { keyId, publicJwk } from '../keys.ts';
import { certificates, keys, rawJws, repeated, validity, withPayload } from './craft.ts';
import { statement } from './documents.ts';
import { accepted, refused, type Vector } from './vector.ts';

const rootKid = keyId(keys.root);
const kid = keyId(keys.signing);
const dates = {
  notBefore: validity.signing.notBefore.toISOString(),
  notAfter: validity.signing.notAfter.toISOString(),
};
const certificateHeader = { alg: 'EdDSA', typ: 'smartserver-key-cert+jwt', kid: rootKid };
const certificatePayload = { formatVersion: 1, kid, jwk: publicJwk(keys.signing), ...dates };
const certifying = (change: object) => rawJws(certificateHeader, { ...certificatePayload, ...change }, keys.root);

export const certificateVectors = (): Vector[] =>
  [
    ...accepted({ kid, rootKid, jwk: publicJwk(keys.signing), ...dates }, [['valid', certificates.signing]]),
    ...refused('root_unknown', [['wrong root', certificates.signing, { root: 'stranger' }]]),
    ...refused('certificate_invalid', [
      [
        'altered: its end',
        withPayload(certificates.signing, { ...certificatePayload, notAfter: '2099-01-01T00:00:00Z' }),
      ],
      ['signed by a stranger in the name of the root', rawJws(certificateHeader, certificatePayload, keys.stranger)],
      ['a kid of another key', certifying({ kid: rootKid })],
      ['an end before its begin', certifying({ notBefore: dates.notAfter, notAfter: dates.notBefore })],
      ['an unknown member', certifying({ purpose: 'anything' })],
      ['a private key', certifying({ jwk: keys.signing.export({ format: 'jwk' }) })],
      [
        'duplicate keys',
        rawJws(certificateHeader, repeated(certificatePayload, 'notAfter', '2020-01-01T00:00:00Z'), keys.root),
      ],
      ['a statement of revoked keys', statement([kid], dates.notBefore)],
      ['truncated', certificates.signing.slice(0, -1)],
    ]),
    ...refused('unsupported_version', [['a later format version', certifying({ formatVersion: 2 })]]),
  ].map((vector) => ({ root: 'root', ...vector }));

const issuedAt = '2027-06-30T00:00:00.000Z';
const revokedKeyIds = [kid, keyId(keys.stranger)].sort();
const genuine = statement(revokedKeyIds, issuedAt);
const statementHeader = { alg: 'EdDSA', typ: 'smartserver-key-revocations+jwt', kid: rootKid };
const statementPayload = { formatVersion: 1, issuedAt, revokedKeyIds };
const stating = (change: object) => rawJws(statementHeader, { ...statementPayload, ...change }, keys.root);

export const revocationVectors = (): Vector[] =>
  [
    ...accepted({ rootKid, issuedAt, revokedKeyIds }, [['valid', genuine]]),
    ...refused('revocations_invalid', [
      ['wrong root', genuine, { root: 'stranger' }],
      ['altered: a key left out', withPayload(genuine, { ...statementPayload, revokedKeyIds: [kid] })],
      ['signed by a stranger in the name of the root', rawJws(statementHeader, statementPayload, keys.stranger)],
      ['no key at all', stating({ revokedKeyIds: [] })],
      ['a key twice', stating({ revokedKeyIds: [kid, kid] })],
      ['a key that is none', stating({ revokedKeyIds: ['all'] })],
      ['an unknown member', stating({ reason: 'stolen' })],
      ['no time', stating({ issuedAt: null })],
      ['duplicate keys', rawJws(statementHeader, repeated(statementPayload, 'revokedKeyIds', [kid]), keys.root)],
      ['a certificate', certificates.signing],
      ['truncated', genuine.slice(0, -1)],
    ]),
    ...refused('unsupported_version', [['a later format version', stating({ formatVersion: 2 })]]),
  ].map((vector) => ({ root: 'root', ...vector }));
