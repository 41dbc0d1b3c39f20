"""Strict base64url and JSON: one content has one spelling. A ValueError refuses every other one."""
import base64, hashlib, json


def decode(text):
    raw = base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).decode().rstrip('=') != text:
        raise ValueError
    return raw


def strict_json(raw):
    value = json.loads(raw.decode())
    if compact(value) != raw:
        raise ValueError
    return value


def compact(value, **options):
    return json.dumps(value, separators=(',', ':'), ensure_ascii=False, **options).encode()


def thumbprint(jwk):  # RFC 7638
    return base64.urlsafe_b64encode(hashlib.sha256(compact(jwk, sort_keys=True)).digest()).decode().rstrip('=')
