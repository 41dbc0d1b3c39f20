import { Body } from '@react-email/body';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Link } from '@react-email/link';
import { Section } from '@react-email/section';
import { Text } from '@react-email/text';
import { renderToStaticMarkup } from 'react-dom/server';
import type { EmailContent, RenderedEmail, Unsubscribe } from './content.ts';
import { DARK_STYLES, STYLES } from './template-styles.ts';
import { renderText } from './template-text.ts';

/** What all e-mails look like: one column that fits a telephone, in light and dark. */
const EmailTemplate = ({ content, unsubscribe }: { content: EmailContent; unsubscribe: Unsubscribe | null }) => (
  <Html lang={content.language}>
    <Head>
      <title>{content.headline}</title>
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
      <style>{DARK_STYLES}</style>
    </Head>
    <Body className="page" style={STYLES.page}>
      <Container style={STYLES.container}>
        <main>
          <Text className="brand" style={STYLES.brand}>
            SmartServer License Management
          </Text>
          <Section className="card" style={STYLES.card}>
            <Heading as="h1" style={STYLES.headline}>
              {content.headline}
            </Heading>
            <Text style={STYLES.text}>{content.greeting}</Text>
            {content.code !== undefined && (
              <Text style={STYLES.text}>
                {content.code.label} <span style={STYLES.code}>{content.code.value}</span>
              </Text>
            )}
            {content.paragraphs.map((paragraph) => (
              <Text key={paragraph} style={STYLES.text}>
                {paragraph}
              </Text>
            ))}
            <Facts facts={content.facts} />
            {content.table !== null && <Entries table={content.table} />}
            <Heading as="h2" style={STYLES.heading}>
              {content.advice.heading}
            </Heading>
            <Text style={STYLES.text}>{content.advice.text}</Text>
          </Section>
          <Text className="footer" style={STYLES.footer}>
            {content.footer}
          </Text>
          {unsubscribe !== null && (
            <Text className="footer" style={STYLES.footer}>
              <Link className="footer" href={unsubscribe.url} style={STYLES.link}>
                {unsubscribe.label}
              </Link>
            </Text>
          )}
        </main>
      </Container>
    </Body>
  </Html>
);

/** A real table: a screen reader says each label with its value. */
const Facts = ({ facts }: { facts: EmailContent['facts'] }) =>
  facts.length === 0 ? null : (
    <table className="facts" style={STYLES.facts}>
      <tbody>
        {facts.map(({ label, value }) => (
          <tr key={label}>
            <th scope="row" className="label" style={STYLES.label}>
              {label}
            </th>
            <td style={STYLES.value}>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );

/** One below the other: four columns with a License ID would not fit a telephone. */
const Entries = ({ table }: { table: NonNullable<EmailContent['table']> }) => (
  <>
    <Heading as="h2" style={STYLES.heading}>
      {table.caption}
    </Heading>
    {table.rows.map((row) => (
      <div key={row.join(' ')}>
        <Hr className="rule" style={STYLES.rule} />
        <Text style={STYLES.entry}>{row[0]}</Text>
        <Facts facts={row.slice(1).map((value, index) => ({ label: table.columns[index + 1] ?? '', value }))} />
      </div>
    ))}
  </>
);

/** @param unsubscribe the unsubscribe link, of digests; null where the e-mail is about an event that its reader has to know of */
export const renderEmail = (content: EmailContent, unsubscribe: Unsubscribe | null = null): RenderedEmail => {
  // Synchronous: nothing else runs on the transaction's connection meanwhile.
  const html = renderToStaticMarkup(<EmailTemplate content={content} unsubscribe={unsubscribe} />);
  return { headline: content.headline, text: renderText(content, unsubscribe), html: `<!doctype html>\n${html}\n` };
};
