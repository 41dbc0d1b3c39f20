"""The rules of format-v1.json: what a member may be."""
import datetime, json, pathlib, re

FORMAT = json.loads(pathlib.Path(__file__).resolve().parents[2].joinpath('format-v1.json').read_text('utf-8'))


def fits(value, rule):
    rule = FORMAT['rules'][rule] if isinstance(rule, str) else rule
    if 'anyOf' in rule:
        return any(fits(value, one) for one in rule['anyOf'])
    if 'values' in rule:  # True == 1 in Python
        return any(type(value) is type(one) and value == one for one in rule['values'])
    if 'minimum' in rule:
        return type(value) is int and rule['minimum'] <= value <= rule['maximum']
    if 'members' in rule:
        members = rule['members']
        return type(value) is dict and value.keys() == members.keys() and all(fits(value[m], members[m]) for m in members)
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


def is_later_version(form, payload):
    version = payload.get('formatVersion') if type(payload) is dict and 'formatVersion' in form['payload'] else None
    return type(version) is int and version != 1


def instant(text):
    """@raises ValueError for one that does not exist"""
    return datetime.datetime.strptime(text, '%Y-%m-%dT%H:%M:%S.%fZ' if '.' in text else '%Y-%m-%dT%H:%M:%SZ')
