"""Runs frozen vectors, each file as a reader of its format version: run.py VECTORS… prints {file: {name: verdict}} as JSON."""
import datetime, json, pathlib, sys
from encoding import decode, strict_json, thumbprint
from rules import FORMAT, fits, form_of, instant
from verifier import Refused, block_in, certificate, document, need, opened, revocations


def verdict(kind, roots, vector, reader):
    try:
        return {'expected': 'accepted', **accepted(kind, vector['input'], roots.get(vector.get('root')), vector, reader)}
    except Refused as refusal:
        return {'expected': refusal.args[0]}


def accepted(kind, text, root, vector, reader):
    if kind == 'certificate':
        return {'content': without_version(certificate(text, root)[0], rootKid=thumbprint(root))}
    if kind == 'revocations':
        statement = revocations(text, root)
        del statement['jws']
        return {'content': without_version(statement, rootKid=thumbprint(root))}
    if kind == 'license-file':
        jws = block_in(kind, text, lambda jws: unverified_document(jws, reader), reader)
        return {'content': document(jws, root, vector, reader)[0]}
    if kind == 'document':
        content, newest = document(text, root, vector, reader)
        later = [max((vector['clock'], content['issuedAt']), key=instant)] if 'clock' in vector else []
        return {'content': content, 'newestRevocations': newest, **{'timeAtLeast': time for time in later}}
    jws = text if kind == 'device-proof' else block_in(kind, text, lambda jws: opened(jws, kind)[1])
    header, payload = opened(jws, kind)
    if kind == 'device-proof':
        payload['audience'] = payload.pop('aud')
        issued = datetime.datetime.fromtimestamp(payload.pop('iat'), datetime.timezone.utc)
        payload['issuedAt'] = issued.strftime('%Y-%m-%dT%H:%M:%S.000Z')
    return {'content': without_version(payload, publicKeyJwk=header['jwk'], thumbprint=thumbprint(header['jwk']))}


def unverified_document(jws, reader):
    """What a license file is about to say; only good for comparing its text."""
    form = FORMAT['kinds']['document']
    try:
        parts = jws.split('.')
        need(len(parts) == 3, 'malformed')
        header, payload = strict_json(decode(parts[0])), strict_json(decode(parts[1]))
        need(header['typ'] == form['typ'], 'malformed')
        members = form_of('document', payload, reader)
        need(members, 'unsupported_version')
        need(fits(payload, {'members': members}), 'malformed')
        return payload
    except (ValueError, TypeError, KeyError):
        raise Refused('malformed')


def without_version(payload, **more):
    return {name: value for name, value in {**payload, **more}.items() if name != 'formatVersion'}


def reader_of(name):
    return 2 if name.endswith('-v2.json') else 1


files = {path.name: json.loads(path.read_text('utf-8')) for path in map(pathlib.Path, sys.argv[1:])}
print(json.dumps({name: {vector['name']: verdict(file['kind'], file['roots'], vector, reader_of(name)) for vector in file['vectors']}
                  for name, file in files.items()}))
