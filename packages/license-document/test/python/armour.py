"""Armoured files: the block in them, and the one text that a file with this block has."""
import re
from rules import FORMAT, SECOND


def block_of(kind, file, reader):
    """@returns the JWS and None, or None and why there is none"""
    form, text = FORMAT['files'][kind], file.removeprefix('\ufeff').replace('\r\n', '\n').rstrip('\n ') + '\n'
    begin, end = (f'\n-----{word} {form["label"]}-----\n' for word in ('BEGIN', 'END'))
    if len(file) > form['maxLength']:
        return None, 'too_large'
    if begin not in text:
        titles = [form['title']] + [SECOND['files'][kind]['title'] for _ in range(reader == 2 and kind in SECOND['files'])]
        first = text[:len(form['title'])].rstrip()
        begun = first and any(title.startswith(first) for title in titles) and '\n-----END' not in text
        return None, 'truncated' if begun else 'malformed'
    block, found, rest = text.split(begin, 1)[1].partition(end)
    jws = block.replace('\n', '')
    if not found:
        return None, 'truncated'
    return (jws, None) if jws and not rest and '\n'.join(lines_of(jws)) == block else (None, 'malformed')


def is_text_of(kind, file, payload, jws):
    second = payload.get('formatVersion') == 2 and kind in SECOND['files']
    form, head = (SECOND if second else FORMAT)['files'][kind], []
    for line in form['head']:
        items = payload[line['each']] if isinstance(line, dict) else [payload]
        head += [fill(line['line'] if isinstance(line, dict) else line, item) for item in items]
    begin, end = (f'-----{word} {form["label"]}-----' for word in ('BEGIN', 'END'))
    text = '\n'.join([form['title'], '', *head, '', begin, *lines_of(jws), end])
    return file.removeprefix('\ufeff').replace('\r\n', '\n').rstrip('\n ') == text


def lines_of(jws):
    return [jws[at:at + 64] for at in range(0, len(jws), 64)]


def fill(line, item):
    def value(match):
        name, form, filled, absent = match.groups()
        found = item.get(name) if name else item
        if form == '#':
            return str(len(found))
        return str(found) if not form else absent if found is None else filled.replace('%', found)
    return re.sub(r'\{(\w*)(#|:([^|}]*)\|([^}]*))?\}', value, line)
