import type { Language } from '@smartserver/contracts';
import { type EmailContent, oneLine } from '../emails/content.ts';
import { instantText } from '../emails/event-emails.ts';
import { WORDS } from '../emails/words.ts';
import { NOTICE_WORDS } from './words.ts';

/** One license of a digest. Names are as people typed them. */
export type NoticeLine = {
  licenseId: string;
  partnerName: string;
  customerName: string;
  segmentName: string;
  installCode: string;
  deviceCount: number;
  expiresAt: Date;
  /** Of them, those for which renewals have been bought that wait to be activated. */
  boughtDevices: number;
};

export type DigestAddressee = { name: string; language: Language; audience: 'account' | 'partner' | 'staff' };

type Digest = {
  /** The earliest expiry first. */
  lines: readonly NoticeLine[];
  /** How many are not in `lines`. */
  more: number;
  /** How many have expired, of all. */
  expired: number;
  now: Date;
};

/** Maintenance that ends: what, where, for how many devices, what happens then and what to do. */
export const expiringEmail = (to: DigestAddressee, digest: Digest): EmailContent => {
  const { lines, more, now } = digest;
  const words = NOTICE_WORDS[to.language];
  const { expiring } = words;
  const counts = countsOf(to.language, digest);
  const bought = lines.some((line) => line.boughtDevices > 0);
  const toOrder = more > 0 || lines.some((line) => line.boughtDevices < line.deviceCount);
  return {
    ...frame(to, lines, more),
    headline: expiring.headline(counts),
    paragraphs: [expiring.text(counts), expiring.after, ...moreText(to.language, more)],
    table: table(to, lines, {
      caption: expiring.caption,
      until: words.labels.expires,
      renewal: bought,
      now,
    }),
    advice: {
      heading: expiring.todo,
      text: [...(bought ? [expiring.adviceBought] : []), ...(toOrder ? [expiring.advice[to.audience]] : [])].join(' '),
    },
  };
};

/** Maintenance that goes on: the lines are the renewals. */
export const renewedEmail = (to: DigestAddressee, digest: Digest): EmailContent => {
  const { lines, more, now } = digest;
  const words = NOTICE_WORDS[to.language];
  const { renewed } = words;
  const counts = countsOf(to.language, digest);
  return {
    ...frame(to, lines, more),
    headline: renewed.headline(counts),
    paragraphs: [renewed.text(counts), ...moreText(to.language, more)],
    table: table(to, lines, { caption: renewed.caption, until: words.labels.until, renewal: false, now }),
    advice: { heading: renewed.todo, text: renewed.advice[to.audience] },
  };
};

const frame = (to: DigestAddressee, lines: readonly NoticeLine[], more: number) => {
  const names = [...new Set(lines.map((line) => oneLine(line.customerName)))];
  const shown = names.length > 3 || more > 0 ? `${names.slice(0, 3).join(', ')} …` : names.join(', ');
  return {
    language: to.language,
    greeting: WORDS[to.language].greeting(oneLine(to.name)),
    facts: [],
    footer: NOTICE_WORDS[to.language].footer[to.audience](shown),
  };
};

const moreText = (language: Language, more: number): string[] => (more > 0 ? [NOTICE_WORDS[language].more(more)] : []);

const countsOf = (language: Language, { lines, more, expired }: Digest) => {
  const [first] = lines;
  return {
    licenses: lines.length + more,
    expired,
    segment: oneLine(first?.segmentName ?? ''),
    day: first === undefined ? '' : dayText(first.expiresAt, language),
  };
};

const table = (
  { language, audience }: DigestAddressee,
  lines: readonly NoticeLine[],
  options: { caption: string; until: string; renewal: boolean; now: Date },
): EmailContent['table'] => {
  const { labels, bought, partlyBought } = NOTICE_WORDS[language];
  const number = new Intl.NumberFormat(language);
  const renewal = ({ boughtDevices, deviceCount }: NoticeLine): string => {
    if (boughtDevices === 0) return '–';
    return boughtDevices < deviceCount ? partlyBought(number.format(boughtDevices)) : bought;
  };
  const cells = (line: NoticeLine): [string, string][] => {
    const instant = instantText(line.expiresAt.toISOString(), language);
    return [
      ...(audience === 'staff' ? [[labels.partner, oneLine(line.partnerName)] as [string, string]] : []),
      [labels.segmentController, oneLine(line.segmentName)],
      [labels.installCode, line.installCode],
      [labels.customer, oneLine(line.customerName)],
      [labels.devices, number.format(line.deviceCount)],
      [options.until, line.expiresAt <= options.now ? `${instant} (${labels.expired})` : instant],
      ...(options.renewal ? [[labels.renewal, renewal(line)] as [string, string]] : []),
      [labels.licenseId, line.licenseId],
    ];
  };
  const rows = lines.map(cells);
  return {
    caption: options.caption,
    columns: rows[0]?.map(([label]) => label) ?? [],
    rows: rows.map((row) => row.map(([, value]) => value)),
  };
};

const dayText = (instant: Date, language: Language): string =>
  new Intl.DateTimeFormat(language === 'de' ? 'de-DE' : 'en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(
    instant,
  );
