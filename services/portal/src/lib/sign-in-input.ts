/** What somebody typed into the one field of the sign-in page. */
export type SignInInput =
  | { kind: 'license'; licenseId: string }
  | { kind: 'email'; email: string }
  | { kind: 'fault'; fault: 'empty' | 'license_incomplete' | 'email_incomplete' | 'unknown' };

const UUID = /([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})/i;
const EMAIL = /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/;

/** Distinguishes a License ID from an e-mail address; finds the License ID in a pasted line, with or without hyphens. */
export const readSignInInput = (text: string): SignInInput => {
  const typed = text.trim();
  if (typed === '') return { kind: 'fault', fault: 'empty' };
  if (typed.includes('@')) {
    const email = (/<([^<>]+)>/.exec(typed)?.[1] ?? typed).replace(/^mailto:/i, '').trim();
    if (email.length > 254 || !EMAIL.test(email)) return { kind: 'fault', fault: 'email_incomplete' };
    return { kind: 'email', email };
  }
  const groups = UUID.exec(typed.replace(/\s+/g, ''));
  if (groups) return { kind: 'license', licenseId: groups.slice(1).join('-').toLowerCase() };
  return { kind: 'fault', fault: /^[0-9a-f\s-]{4,}$/i.test(typed) ? 'license_incomplete' : 'unknown' };
};

/** The digits of a code, wherever they are in what was typed or pasted: `123 456`, `Your code: 123456`. At most six. */
export const digitsOf = (text: string): string => {
  const whole = /(?<!\d)\d(?:[\s-]?\d){5}(?!\d)/.exec(text)?.[0];
  return (whole ?? text).replace(/\D/g, '').slice(0, 6);
};
