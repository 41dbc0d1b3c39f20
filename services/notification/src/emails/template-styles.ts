import type { CSSProperties } from 'react';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif';

/** Inline: many mail programs drop style sheets. Contrast is at least 4.5 to 1. */
export const STYLES = {
  page: { margin: 0, padding: 0, backgroundColor: '#eef1f4', color: '#1b2733', fontFamily: FONT },
  container: { maxWidth: '600px', width: '100%', padding: '24px 12px' },
  brand: { margin: '0 4px 12px', fontSize: '14px', lineHeight: '20px', fontWeight: 600, color: '#4a5a68' },
  card: { backgroundColor: '#ffffff', borderRadius: '8px', padding: '24px 20px' },
  headline: { margin: '0 0 16px', fontSize: '22px', lineHeight: '28px', fontWeight: 600, overflowWrap: 'anywhere' },
  heading: { margin: '24px 0 4px', fontSize: '17px', lineHeight: '24px', fontWeight: 600 },
  text: { margin: '0 0 12px', fontSize: '16px', lineHeight: '24px', overflowWrap: 'anywhere' },
  code: {
    display: 'block',
    margin: '8px 0',
    fontSize: '34px',
    lineHeight: '44px',
    fontWeight: 600,
    letterSpacing: '4px',
    fontVariantNumeric: 'tabular-nums',
  },
  facts: { width: '100%', borderCollapse: 'collapse', margin: '4px 0 8px' },
  label: {
    width: '38%',
    padding: '3px 12px 3px 0',
    fontSize: '14px',
    lineHeight: '20px',
    fontWeight: 400,
    textAlign: 'left',
    verticalAlign: 'top',
    color: '#4a5a68',
  },
  value: {
    padding: '3px 0',
    fontSize: '14px',
    lineHeight: '20px',
    textAlign: 'left',
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  rule: { border: 'none', borderTop: '1px solid #d5dce2', margin: '12px 0 8px' },
  entry: { margin: 0, fontSize: '16px', lineHeight: '24px', fontWeight: 600 },
  footer: { margin: '16px 4px 0', fontSize: '13px', lineHeight: '19px', color: '#4a5a68' },
  link: { color: '#4a5a68', textDecoration: 'underline' },
} as const satisfies Record<string, CSSProperties>;

/** For mail programs that know the reader's choice. They have to outweigh the inline styles. */
export const DARK_STYLES = `
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  .page, .page > table > tbody > tr > td { background-color: #10161c !important; color: #e6ebf0 !important; }
  .card { background-color: #1b242d !important; }
  .brand, .label, .footer { color: #a9b7c4 !important; }
  .rule { border-top-color: #3a4753 !important; }
}
`;
