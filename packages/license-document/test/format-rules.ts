import format1 from '../format-v1.json' with { type: 'json' };
import format2 from '../format-v2.json' with { type: 'json' };

/** The machine-readable format, applied by code that shares nothing with the package. */
type Rule = {
  anyOf?: string[];
  values?: unknown[];
  minimum?: number;
  maximum?: number;
  members?: Record<string, Rule | string>;
  ascending?: [string, string];
  items?: string;
  unique?: string;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  not?: string[];
  instant?: boolean;
  maxUnits?: number;
  maxCharacters?: number;
};
type Kind = {
  typ: string;
  invalid: string;
  maxLength: number;
  header: Record<string, string>;
  optional?: Record<string, string>;
  payload: Record<string, string>;
};
type HeadLine = string | { each: string; line: string };
type FileForm = { maxLength: number; title: string; label: string; head: HeadLine[] };

const rules = { ...format1.rules, ...format2.rules } as unknown as Record<string, Rule>;
export const kinds = format1.kinds as unknown as Record<string, Kind>;
const kinds2 = format2.kinds as unknown as Record<string, Kind>;
const files = format1.files as unknown as Record<string, FileForm>;
const files2 = format2.files as unknown as Record<string, FileForm>;

/** Which format version a reader knows as its newest one. */
export type Reader = 1 | 2;

/** The form of a payload of this kind, which says of which version it is; undefined where this reader does not know that one. */
export const payloadForm = (kind: string, version: unknown, reader: Reader): Record<string, string> | undefined => {
  const known = kinds[kind] as Kind;
  if (!('formatVersion' in known.payload) || !Number.isInteger(version) || version === 1) return known.payload;
  return version === 2 && reader === 2 ? kinds2[kind]?.payload : undefined;
};

export const fits = (value: unknown, ruleOrName: Rule | string): boolean => {
  const rule = typeof ruleOrName === 'string' ? (rules[ruleOrName] as Rule) : ruleOrName;
  if (rule.anyOf) return rule.anyOf.some((one) => fits(value, one));
  if (rule.values) return rule.values.includes(value);
  if (rule.minimum !== undefined) {
    return Number.isInteger(value) && Number(value) >= rule.minimum && Number(value) <= Number(rule.maximum);
  }
  if (rule.members) return fitsMembers(value, rule.members) && ascends(value, rule.ascending);
  if (rule.items) return Array.isArray(value) && fitsItems(value, rule);
  return typeof value === 'string' && fitsText(value, rule);
};

const fitsMembers = (value: unknown, members: Record<string, Rule | string>): boolean => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const entries = Object.entries(value);
  return (
    entries.length === Object.keys(members).length &&
    entries.every(([name, member]) => Object.hasOwn(members, name) && fits(member, members[name] as Rule))
  );
};

const ascends = (value: unknown, order: [string, string] | undefined): boolean => {
  if (order === undefined) return true;
  const [earlier, later] = order.map((name) => Date.parse(String((value as Record<string, unknown>)[name])));
  return Number(earlier) < Number(later);
};

const fitsItems = (value: unknown[], { items = '', unique, minItems = 0, maxItems = Infinity }: Rule): boolean => {
  if (!value.every((item) => fits(item, items))) return false;
  const distinct = new Set(value.map((item) => (unique ? (item as Record<string, unknown>)[unique] : item)));
  return distinct.size === value.length && value.length >= minItems && value.length <= maxItems;
};

const fitsText = (value: string, { pattern = '', not = [], instant, maxUnits, maxCharacters }: Rule): boolean => {
  if (!new RegExp(`^(?:${pattern})$`, 'u').test(value) || not.includes(value)) return false;
  if (instant && new Date(value).getUTCDate() !== Number(value.slice(8, 10))) return false;
  return value.length <= (maxUnits ?? Infinity) && [...value].length <= (maxCharacters ?? Infinity);
};

const normal = (file: string) =>
  `${file
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replace(/[\n ]*$/, '')}\n`;

/** The JWS in a file, or the reason why there is none. */
export const blockOf = (kind: string, file: string, reader: Reader): { jws: string } | { fault: string } => {
  const { title: title1, label, maxLength } = files[kind] as FileForm;
  const titles = [title1, ...(reader === 2 ? [files2[kind]?.title ?? title1] : [])];
  if (file.length > maxLength) return { fault: 'too_large' };
  const text = normal(file);
  const [head = '', ...rest] = text.split(`\n-----BEGIN ${label}-----\n`);
  if (rest.length === 0) {
    const first = head.slice(0, title1.length).trimEnd();
    const isBeginning = first !== '' && titles.some((title) => title.startsWith(first)) && !text.includes('\n-----END');
    return { fault: isBeginning ? 'truncated' : 'malformed' };
  }
  const [block = '', ...after] = rest.join('').split(`\n-----END ${label}-----\n`);
  if (after.length === 0) return { fault: 'truncated' };
  const jws = block.replaceAll('\n', '');
  return jws !== '' && after.join('') === '' && wrapped(jws) === block ? { jws } : { fault: 'malformed' };
};

/** Whether a file is the one text that a file with this block has. */
export const isTextOf = (kind: string, file: string, payload: Record<string, unknown>, jws: string): boolean => {
  const { title, label, head } = ((payload.formatVersion === 2 && files2[kind]) || files[kind]) as FileForm;
  const lines = head.flatMap((line) =>
    typeof line === 'string'
      ? filled(line, payload)
      : (payload[line.each] as unknown[]).map((item) => filled(line.line, item)),
  );
  const block = [`-----BEGIN ${label}-----`, wrapped(jws), `-----END ${label}-----`, ''];
  return normal(file) === [title, '', ...lines, '', ...block].join('\n');
};

const wrapped = (jws: string) => (jws.match(/.{1,64}/gs) ?? []).join('\n');

const filled = (line: string, item: unknown): string =>
  line.replace(/\{(\w*)(#|:([^|}]*)\|([^}]*))?\}/g, (_all, name, form, present, absent) => {
    const value = name === '' ? item : (item as Record<string, unknown>)[name];
    if (form === '#') return String((value as unknown[]).length);
    if (!form) return String(value);
    return value === null || value === undefined ? absent : present.replace('%', String(value));
  });
