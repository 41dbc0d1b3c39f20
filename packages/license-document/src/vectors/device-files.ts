import { signDeviceProof } from '../device-proof.ts';
import { keyId, publicJwk } from '../keys.ts';
import { createRequestFile } from '../request-file.ts';
import { createReturnReceipt } from '../return-receipt.ts';
import { armourVectors } from './armour-vectors.ts';
import { jwsIn, keys, rawArmour, rawJws, repeated, sample, signer, withPayload } from './craft.ts';
import { accepted, refused, type Vector } from './vector.ts';

const { installCode, customerId } = sample;
const nonce = 'b1946ac92492d2347c6235b4d2611184';
const createdAt = new Date('2026-03-02T09:00:00.000Z');
const device = { segmentName: 'Gebäude 1 – Süd', softwareVersion: '4.40.012' };
const licenseIds = sample.licenses.map(({ licenseId }) => licenseId);
const dated = { serial: 12, createdAt: createdAt.toISOString(), nonce };
const signedBy = { publicKeyJwk: publicJwk(keys.device), thumbprint: keyId(keys.device) };

const requestOptions = { deviceKey: keys.device, installCode, customerId, ...device, serial: 12, createdAt, nonce };
const request = createRequestFile(requestOptions);
const receiptOptions = { deviceKey: keys.device, installCode, customerId, licenseIds, serial: 12, createdAt, nonce };
const receipt = createReturnReceipt(receiptOptions);

const requestHeader = { alg: 'EdDSA', typ: 'smartserver-license-request+jwt', jwk: publicJwk(keys.device) };
const requestPayload = { formatVersion: 1, installCode, customerId, ...device, ...dated };
const receiptHeader = { ...requestHeader, typ: 'smartserver-return-receipt+jwt' };
const receiptPayload = { formatVersion: 1, installCode, customerId, licenseIds, ...dated };

/** y = 1: the neutral element, under which one signature fits every message. */
const weakKey = { crv: 'Ed25519', kty: 'OKP', x: `AQ${'A'.repeat(41)}` };

/** Forgeries that both kinds of file must withstand. */
const forgeries = (file: string, header: object, payload: object): Vector[] => {
  const signed = (header: unknown, payload: unknown, key = keys.device) =>
    rawArmour(file, rawJws(header, payload, key));
  const altered = (change: object) => rawArmour(file, withPayload(jwsIn(file), { ...payload, ...change }));
  const under = (change: object) => signed({ ...header, ...change }, payload);
  const saying = (change: object) => signed(header, { ...payload, ...change });
  return [
    ...refused('signature_invalid', [
      ['altered: install code', altered({ installCode: '0302E1C2A8F40012' })],
      ['altered: serial', altered({ serial: 13 })],
      ['altered: time', altered({ createdAt: '2026-03-02T09:00:00.001Z' })],
      ['signed by a stranger in the name of the device', signed(header, payload, keys.stranger)],
      ['another key in the header', under({ jwk: publicJwk(keys.stranger) })],
    ]),
    ...refused('malformed', [
      ['alg none', under({ alg: 'none' })],
      ['another typ', under({ typ: 'smartserver-device-proof+jwt' })],
      ['a private key in the header', under({ jwk: keys.device.export({ format: 'jwk' }) })],
      ['a key under which one signature fits everything', under({ jwk: weakKey })],
      ['a license document in the block', rawArmour(file, signer.sign(sample))],
      ['duplicate keys in the block', signed(header, repeated(payload, 'serial', 1))],
      ['an unknown member', saying({ role: 'admin' })],
      ['no nonce', saying({ nonce: undefined })],
      ['an install code in lower case', saying({ installCode: installCode.toLowerCase() })],
      ['a negative serial', saying({ serial: -1 })],
      ['a time that does not exist', saying({ createdAt: '2026-02-30T09:00:00.000Z' })],
    ]),
    ...refused('unsupported_version', [['a later format version', signed(header, { formatVersion: 2 })]]),
  ];
};

const requested = { installCode, customerId, ...device, ...dated, ...signedBy };
const ofRequest = (change: object) =>
  rawArmour(request, rawJws(requestHeader, { ...requestPayload, ...change }, keys.device));

export const requestFileVectors = (): Vector[] => [
  ...accepted(requested, [
    ['valid', request],
    ['valid, with the line ends of Windows', request.replaceAll('\n', '\r\n')],
  ]),
  ...accepted({ ...requested, customerId: null }, [
    ['valid, not linked to a Customer ID', createRequestFile({ ...requestOptions, customerId: null })],
  ]),
  ...armourVectors(request, createRequestFile({ ...requestOptions, serial: 13 })),
  ...forgeries(request, requestHeader, requestPayload),
  ...refused('malformed', [
    ['a blank name', ofRequest({ segmentName: '  ' })],
    ['a name of 101 characters', ofRequest({ segmentName: 'x'.repeat(101) })],
    ['a name with a control character', ofRequest({ segmentName: 'a\u001b[2J' })],
    ['a receipt in the block', rawArmour(request, jwsIn(receipt))],
    ['a receipt instead of a request', receipt],
  ]),
];

const returned = { installCode, customerId, licenseIds, ...dated, ...signedBy };
const ofReceipt = (change: object) =>
  rawArmour(receipt, rawJws(receiptHeader, { ...receiptPayload, ...change }, keys.device));

export const returnReceiptVectors = (): Vector[] => [
  ...accepted(returned, [
    ['valid', receipt],
    ['valid, with the line ends of Windows', receipt.replaceAll('\n', '\r\n')],
  ]),
  ...armourVectors(receipt, createReturnReceipt({ ...receiptOptions, serial: 13 })),
  ...forgeries(receipt, receiptHeader, receiptPayload),
  ...refused('malformed', [
    ['no license', ofReceipt({ licenseIds: [] })],
    ['a License ID twice', ofReceipt({ licenseIds: [customerId, customerId] })],
    ['a License ID that is none', ofReceipt({ licenseIds: ['all'] })],
    ['no Customer ID', ofReceipt({ customerId: null })],
    ['a request in the block', rawArmour(receipt, jwsIn(request))],
    ['a request instead of a receipt', request],
  ]),
];

const claims = { customerId, installCode, userType: 'owner', nonce };
const proof = signDeviceProof({ deviceKey: keys.device, audience: 'smartserver', issuedAt: createdAt, ...claims });
const proofHeader = { ...requestHeader, typ: 'smartserver-device-proof+jwt' };
const proofPayload = { aud: 'smartserver', ...claims, iat: createdAt.getTime() / 1000 };
const proving = (change: object) => rawJws(proofHeader, { ...proofPayload, ...change }, keys.device);

export const deviceProofVectors = (): Vector[] => [
  ...accepted({ audience: 'smartserver', ...claims, issuedAt: createdAt.toISOString(), ...signedBy }, [
    ['valid', proof],
  ]),
  ...refused('signature_invalid', [
    ['altered: user type', withPayload(proof, { ...proofPayload, userType: 'guest' })],
    ['signed by a stranger in the name of the device', rawJws(proofHeader, proofPayload, keys.stranger)],
  ]),
  ...refused('malformed', [
    ['a request instead of a proof', jwsIn(request)],
    ['alg none', rawJws({ ...proofHeader, alg: 'none' }, proofPayload, keys.device)],
    [
      'a key under which one signature fits everything',
      rawJws({ ...proofHeader, jwk: weakKey }, proofPayload, keys.device),
    ],
    ['duplicate keys', rawJws(proofHeader, repeated(proofPayload, 'userType', 'guest'), keys.device)],
    ['an unknown member', proving({ role: 'admin' })],
    ['an empty nonce', proving({ nonce: '' })],
    ['a time in fractions', proving({ iat: 1.5 })],
    ['truncated', proof.slice(0, -1)],
  ]),
];
