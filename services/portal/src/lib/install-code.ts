/** What the API takes. [contracts, InstallCodeText] */
const PATTERN = /^[A-Z0-9-]{8,64}$/;

export type InstallCodeFault = 'empty' | 'too_short' | 'too_long' | 'wrong_character';

export type InstallCodeReading = { code: string } | { fault: InstallCodeFault };

/** A label reader or a chat may paste a whole line: `Install Code: 0302 E1C2 …`. */
const CAPTION = /^\s*(?:install(?:ation)?[\s-]*(?:code)?|installations?-?code)\s*[:#=]\s*/i;

/**
 * Reads an install code as people type or paste it: in any case, in groups, with the caption of the label in front.
 * @returns the code as the label prints it, upper case; or what is wrong
 */
export const readInstallCode = (text: string): InstallCodeReading => {
  const code = text
    .replace(CAPTION, '')
    .replace(/[\s:.\u200b\ufeff]/g, '')
    .replace(/[\u2010-\u2015]/g, '-')
    .toUpperCase();
  if (code === '') return { fault: 'empty' };
  if (!/^[A-Z0-9-]*$/.test(code)) return { fault: 'wrong_character' };
  if (code.length < 8) return { fault: 'too_short' };
  if (!PATTERN.test(code)) return { fault: 'too_long' };
  return { code };
};

/**
 * Characters that look like digits in a code that is hexadecimal otherwise. Placing a license on a mistyped controller is hard to
 * undo, so it is worth a second look.
 */
export const lookalikes = (code: string): string[] => {
  const bare = code.replaceAll('-', '');
  const suspicious = [...new Set(bare.match(/[OIL]/g) ?? [])];
  return /^[0-9A-FOIL]+$/.test(bare) ? suspicious : [];
};

/** In groups of four, as they are easiest to compare with a label. A code with hyphens has its own groups. */
export const groupsOf = (code: string): string[] => (code.includes('-') ? [code] : (code.match(/.{1,4}/g) ?? []));
