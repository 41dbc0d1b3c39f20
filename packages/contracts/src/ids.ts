/** An install code as it is kept: upper case, as printed on the label. Labels are typed by people: case does not count. */
export const normalizeInstallCode = (text: string): string => text.toUpperCase();
