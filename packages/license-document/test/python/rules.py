"""The rules of format-v1.json and, for a reader of version 2, what format-v2.json adds: what a member may be."""
import datetime, json, pathlib, re

def read(name):
    return json.loads(pathlib.Path(__file__).resolve().parents[2].joinpath(name).read_text('utf-8'))


FORMAT, SECOND = read('format-v1.json'), read('format-v2.json')
RULES = {**FORMAT['rules'], **SECOND['rules']}


def form_of(kind, payload, reader):
    """@returns the form of a payload by the version that it says it is of, None for one this reader does not know"""
    form, version = FORMAT['kinds'][kind]['payload'], payload.get('formatVersion') if type(payload) is dict else None
    if 'formatVersion' not in form or type(version) is not int or version == 1:
        return form
    return SECOND['kinds'][kind]['payload'] if reader == version == 2 and kind in SECOND['kinds'] else None


def fits(value, rule):
    rule = RULES[rule] if isinstance(rule, str) else rule
    if 'anyOf' in rule:
        return any(fits(value, one) for one in rule['anyOf'])
    if 'values' in rule:  # True == 1 in Python
        return any(type(value) is type(one) and value == one for one in rule['values'])
    if 'minimum' in rule:
        return type(value) is int and rule['minimum'] <= value <= rule['maximum']
    if 'members' in rule:
        members = rule['members']
        known = type(value) is dict and value.keys() == members.keys() and all(fits(value[m], members[m]) for m in members)
        order = [instant(value[m]) for m in rule.get('ascending', ())] if known else []
        return known and all(one < later for one, later in zip(order, order[1:]))
    if 'items' in rule:
        if type(value) is not list or not all(fits(item, rule['items']) for item in value):
            return False
        distinct = {item[rule['unique']] if 'unique' in rule else item for item in value}
        return len(distinct) == len(value) and rule['minItems'] <= len(value) <= rule.get('maxItems', len(value))
    if type(value) is not str or not re.fullmatch(rule['pattern'], value) or value in rule.get('not', ()):
        return False
    if rule.get('instant'):
        instant(value)
    units = len(value.encode('utf-16-le')) // 2
    return units <= rule.get('maxUnits', units) and len(value) <= rule.get('maxCharacters', len(value))


def instant(text):
    """@raises ValueError for one that does not exist"""
    return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%fZ' if '.' in text else '%Y-%m-%dT%H:%M:%SZ')
