export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const isLanguage = (text: string | null | undefined): text is Language =>
  text !== null && text !== undefined && Object.hasOwn(LANGUAGES, text);

/** The one chosen here before, else the first of the browser's that there is. */
export const chooseLanguage = (kept: string | null, preferred: readonly string[]): Language => {
  if (isLanguage(kept)) return kept;
  return preferred.map((tag) => tag.toLowerCase().split('-')[0]).find(isLanguage) ?? 'en';
};
