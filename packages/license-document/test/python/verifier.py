"""Verifies license documents and files with Python's own means: an implementation that shares nothing with the package."""
from armour import block_of, is_text_of
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from encoding import decode, strict_json, thumbprint
from rules import FORMAT, fits, form_of, instant

class Refused(Exception): pass
def need(condition, code):
    if not condition: raise Refused(code)

def opened(jws, kind, key_of=lambda header: header['jwk'], forged='signature_invalid', reader=1):
    """Header and payload of a genuine JWS of this kind; key_of says, from the header, whose signature it must bear."""
    form = FORMAT['kinds'][kind]
    try:
        need(len(jws) <= form['maxLength'] and jws.isascii() and jws.count('.') == 2, form['invalid'])
        head, body, signature = jws.split('.')
        header, payload, signature = strict_json(decode(head)), decode(body), decode(signature)
        optional = {name: rule for name, rule in form.get('optional', {}).items() if name in header}
        members = {'alg': {'values': ['EdDSA']}, 'typ': {'values': [form['typ']]}, **form['header'], **optional}
        need(fits(header, {'members': members}) and len(signature) == 64, form['invalid'])
        Ed25519PublicKey.from_public_bytes(decode(key_of(header)['x'])).verify(signature, f'{head}.{body}'.encode())
        payload = strict_json(payload)
        members = form_of(kind, payload, reader)
        need(members, 'unsupported_version')
        need(fits(payload, {'members': members}), form['invalid'])
        return header, payload
    except InvalidSignature: raise Refused(forged)
    except (ValueError, TypeError): raise Refused(form['invalid'])

def by_root(jws, kind, root, another_root):
    def known(header): return need(header['kid'] == thumbprint(root), another_root) or root
    return opened(jws, kind, known, FORMAT['kinds'][kind]['invalid'])[1]

def certificate(jws, root):
    cert = by_root(jws, 'certificate', root, 'root_unknown')
    begin, end = instant(cert['notBefore']), instant(cert['notAfter'])
    need(begin < end and cert['kid'] == thumbprint(cert['jwk']), 'certificate_invalid')
    return cert, begin, end

def revocations(jws, root):
    return {**by_root(jws, 'revocations', root, 'revocations_invalid'), 'jws': jws}

def document(jws, root, vector, reader):
    def certified(header):
        cert = certificate(header['cert'], root)[0]
        return need(cert['kid'] == header['kid'], 'certificate_invalid') or cert['jwk']
    header, payload = opened(jws, 'document', certified, reader=reader)
    _, begin, end = certificate(header['cert'], root)
    statements = [revocations(jws, root) for jws in (vector.get('revocations'), header.get('rev')) if jws is not None]
    newest = max(statements, key=lambda statement: instant(statement['issuedAt']), default={'revokedKeyIds': ()})
    need(header['kid'] not in newest['revokedKeyIds'], 'key_revoked')
    need(begin <= instant(payload['issuedAt']) <= end, 'certificate_expired')
    need(vector.get('installCode') in (None, payload['installCode']), 'wrong_controller')
    excused = 'rev' in header and vector.get('minimumSerialKeyId') in statements[-1]['revokedKeyIds']
    need(payload['serial'] >= vector.get('minimumSerial', 0) or excused, 'superseded')
    return payload, newest.get('jws')

def block_in(kind, file, payload_of, reader=1):
    jws, fault = block_of(kind, file, reader)
    need(jws, fault)
    payload = payload_of(jws)
    need(is_text_of(kind, file, payload, jws), 'head_mismatch')
    return jws
