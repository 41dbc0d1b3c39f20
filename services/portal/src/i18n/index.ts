import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { de } from './de.ts';
import { en } from './en.ts';
import { chooseLanguage } from './languages.ts';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en };
  }
}

const KEY = 'portal.language';

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
