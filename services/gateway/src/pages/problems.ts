import { STATUS_CODES } from 'node:http';
import { PROBLEMS, type ProblemCode } from '@smartserver/contracts';
import { escapeHtml, type Page } from './layout.ts';

const codes = Object.keys(PROBLEMS) as ProblemCode[];

/** The catalogue writes the names of fields and headers between backticks. */
const prose = (text: string): string => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

const sample = (code: ProblemCode): string => {
  const { status, title, advice } = PROBLEMS[code];
  const body = {
    type: `/problems/${code}`,
    title,
    status,
    detail: advice,
    instance: '7d5f0c1e9a3b4f6288c1d2e3f4a5b6c7',
    code,
  };
  return escapeHtml(JSON.stringify(body, null, 2));
};

const problemPage = (code: ProblemCode): Page => {
  const { status, title, advice } = PROBLEMS[code];
  return {
    url: `/problems/${code}`,
    title: `${title} (${code})`,
    body: `
      <article class="problem">
        <p class="facts"><span class="status s${Math.floor(status / 100)}">${statusText(status)}</span> <code>${code}</code></p>
        <h1>${escapeHtml(title)}</h1>
        <h2>What to do</h2>
        <p class="advice">${prose(advice)}</p>
        <h2>What the answer looks like</h2>
        <pre tabindex="0"><code>${sample(code)}</code></pre>
        <p><code>detail</code> may say more about the request at hand, and <code>errors</code> which fields it is about.
        <code>instance</code> is the request id: tell it to support, and we find the request in our log.</p>
        <p><a href="/problems">All problem codes</a></p>
      </article>`,
  };
};

const indexPage = (): Page => {
  const rows = codes
    .map((code) => {
      const { status, title } = PROBLEMS[code];
      return `<tr><td><span class="status s${Math.floor(status / 100)}">${status}</span></td>
            <td><a href="/problems/${code}"><code>${code}</code></a></td><td>${escapeHtml(title)}</td></tr>`;
    })
    .join('\n          ');
  return {
    url: '/problems',
    title: 'Problem codes',
    body: `
      <h1>Problem codes</h1>
      <p>Every error is answered as <code>application/problem+json</code>
      (<a href="https://www.rfc-editor.org/rfc/rfc9457" rel="noreferrer">RFC 9457</a>). Its <code>code</code> is one of these and
      does not change; titles and texts may.</p>
      <table>
        <thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
        <tbody>
          ${rows}
        </tbody>
      </table>`,
  };
};

/** `/problems` and a page for each code, which the `type` of a problem points to. */
export const problemPages = (): Page[] => [indexPage(), ...codes.map(problemPage)];
