import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { de } from './de.ts';
import { en } from './en.ts';
import { formatFor } from './format.ts';
import { chooseLanguage } from './languages.ts';

type Tree = { [key: string]: string | Tree };

const leaves = (tree: Tree, path = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : leaves(value, `${path}${key}.`),
  );

const english = leaves(en);
const german = new Map(leaves(de));

const placeholders = (text: string): string[] => [...(text.match(/\{\{\w+\}\}|<\d+>/g) ?? [])].sort();

describe('the texts', () => {
  test('are there in both languages, every one, with the same places for values', () => {
    expect([...german.keys()].sort()).toEqual(english.map(([key]) => key).sort());
    for (const [key, text] of english) {
      const other = german.get(key) ?? '';
      expect({ key, text: other.trim() !== '' }).toEqual({ key, text: true });
      // A form for one may leave the number out.
      expect({ key, places: placeholders(other) }).toEqual({ key, places: placeholders(text) });
    }
  });

  test('have a form for one and a form for more, in pairs', () => {
    const keys = new Set(english.map(([key]) => key));
    for (const key of keys) {
      if (key.endsWith('_one')) expect(keys).toContain(key.replace(/_one$/, '_other'));
      if (key.endsWith('_other')) expect(keys).toContain(key.replace(/_other$/, '_one'));
    }
  });

  test('are all used, so that nobody translates what nobody reads', () => {
    const source = join(import.meta.dirname, '..');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.tsx?$/.test(file) && !/^(i18n|generated)\b|\.test\./.test(file),
    );
    const code = files.map((file) => readFileSync(join(source, file), 'utf8')).join('\n');
    const used = new Set([...code.matchAll(/['"`]([a-zA-Z]+(?:\.\w+)+)['"`]/g)].map(([, key]) => key));
    const beginnings = [...code.matchAll(/`([a-zA-Z]+(?:\.\w+)*\.)\$\{/g)].map(([, beginning]) => beginning ?? '');
    const unused = english
      .map(([key]) => key.replace(/_(one|other)$/, ''))
      .filter((key) => !used.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)));
    expect(unused).toEqual([]);
  });
});

describe('the language', () => {
  test.each([
    [null, ['de-AT', 'en'], 'de'],
    [null, ['fr-FR', 'DE', 'en'], 'de'],
    [null, ['fr', 'it'], 'en'],
    [null, [], 'en'],
    ['en', ['de'], 'en'],
    ['klingon', ['de'], 'de'],
  ])('kept %p, browser %p: %s', (kept, preferred, language) => {
    expect(chooseLanguage(kept, preferred)).toBe(language);
  });

  test('dates and numbers are written as its readers write them', () => {
    const instant = '2026-03-01T12:05:00Z';
    expect(formatFor('en').date(instant)).toBe('1 March 2026');
    expect(formatFor('de').date(instant)).toBe('1. März 2026');
    expect(formatFor('en').number(1000)).toBe('1,000');
    expect(formatFor('de').number(1000)).toBe('1.000');
  });
});
