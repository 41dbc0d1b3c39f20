import { Body } from '@react-email/body';
import { Container } from '@react-email/container';
import { Head } from '@react-email/head';
import { Heading } from '@react-email/heading';
import { Hr } from '@react-email/hr';
import { Html } from '@react-email/html';
import { Link } from '@react-email/link';
import { Section } from '@react-email/section';
import { Text } from '@react-email/text';
import type { Letter, Unsubscribe } from './letter.ts';
import { DARK_STYLES, STYLES } from './letter-styles.ts';

/** What all e-mails look like: one column that fits a telephone, in light and dark. */
export const LetterEmail = ({ letter, unsubscribe }: { letter: Letter; unsubscribe: Unsubscribe | null }) => (
  <Html lang={letter.language}>
    <Head>
      <title>{letter.headline}</title>
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
              {letter.headline}
            </Heading>
            <Text style={STYLES.text}>{letter.greeting}</Text>
            {letter.code !== undefined && (
              <Text style={STYLES.text}>
                {letter.code.label} <span style={STYLES.code}>{letter.code.value}</span>
              </Text>
            )}
            {letter.paragraphs.map((paragraph) => (
              <Text key={paragraph} style={STYLES.text}>
                {paragraph}
              </Text>
            ))}
            <Facts facts={letter.facts} />
            {letter.table !== null && <Entries table={letter.table} />}
            <Heading as="h2" style={STYLES.heading}>
              {letter.advice.heading}
            </Heading>
            <Text style={STYLES.text}>{letter.advice.text}</Text>
          </Section>
          <Text className="footer" style={STYLES.footer}>
            {letter.footer}
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
const Facts = ({ facts }: { facts: Letter['facts'] }) =>
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
const Entries = ({ table }: { table: NonNullable<Letter['table']> }) => (
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
