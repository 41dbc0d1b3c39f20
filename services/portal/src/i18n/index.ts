import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { de } from './de.ts';
import { en } from './en.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const KEY = 'portal.language';

const isLanguage = (text: string | null | undefined): text is Language =>
  text !== null && text !== undefined && Object.hasOwn(LANGUAGES, text);

/** The one chosen here before, else the first of the browser's that there is. */
export const chooseLanguage = (kept: string | null, preferred: readonly string[]): Language => {
  if (isLanguage(kept)) return kept;
  return preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
};

const keptLanguage = (): string | null => {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
};

const show = (language: string): void => {
  document.documentElement.lang = language;
};

export const startI18n = async (): Promise<void> => {
  i18next.on('languageChanged', show);
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, de: { translation: de } },
    lng: chooseLanguage(keptLanguage(), navigator.languages),
    fallbackLng: 'en',
    // React escapes.
    interpolation: { escapeValue: false },
  });
};

export const changeLanguage = async (language: string): Promise<void> => {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // Storage is blocked: kept until the page is left.
  }
  await i18next.changeLanguage(language);
};
