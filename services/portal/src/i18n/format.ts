import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

export type Format = {
  /** `1 March 2026` */
  date(instant: string): string;
  /** `1 March 2026 at 14:05` */
  dateTime(instant: string): string;
  /** `14:05` */
  time(instant: string): string;
  number(value: number): string;
};

/** In the language of the page and the time zone of the reader. English dates are the international ones, not month first. */
export const formatFor = (language: string): Format => {
  const locale = language === 'en' ? 'en-GB' : language;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' });
  const number = new Intl.NumberFormat(locale);
  return {
    date: (instant) => date.format(new Date(instant)),
    dateTime: (instant) => dateTime.format(new Date(instant)),
    time: (instant) => time.format(new Date(instant)),
    number: (value) => number.format(value),
  };
};

export const useFormat = (): Format => {
  const { i18n } = useTranslation();
  return useMemo(() => formatFor(i18n.language), [i18n.language]);
};
