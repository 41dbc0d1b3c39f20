import { PROBLEMS } from '@smartserver/contracts';
import { de } from '../i18n/de.ts';
import { en } from '../i18n/en.ts';
import { HELP_TOPICS, topicOf } from './topics.ts';

test.each(Object.keys(PROBLEMS))('%s has help, in English and German', (code) => {
  const topic = topicOf(code);
  for (const { problems } of [en, de]) {
    expect(problems[topic].title).toMatch(/\S/);
    expect(problems[topic].advice).toMatch(/\S/);
  }
});

test('a code of a later version is unexpected, and so are names that every object has', () => {
  expect(topicOf('invented_tomorrow')).toBe('unexpected');
  expect(topicOf('constructor')).toBe('unexpected');
  expect(topicOf('')).toBe('unexpected');
});

test('every topic has its texts, and there is no text without a topic', () => {
  expect(Object.keys(en.problems).sort()).toEqual([...HELP_TOPICS].sort());
});
