const installCodePattern = /^[A-Z0-9-]{8,64}$/i;

/**
 * An install code as the label prints it: upper case, 8 to 64 letters (A to Z), digits and hyphens. Surrounding white
 * space, which copying leaves, is dropped. [V][D]
 * @returns null when the text cannot be an install code
 */
export const normalizeInstallCode = (text: string): string | null => {
  const trimmed = text.trim();
  return installCodePattern.test(trimmed) ? trimmed.toUpperCase() : null;
};
