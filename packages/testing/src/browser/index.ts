/// <reference types="jest" />
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { source } from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

const PLACES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = PLACES.find((path) => path !== undefined && existsSync(path));

if (executablePath === undefined) {
  console.warn(
    'Tests in a real browser are skipped: there is no Chromium. Install it (apt-get install chromium) or set CHROMIUM.',
  );
}

/** `describe`, or a skip that has said why. */
export const describeInBrowser = executablePath === undefined ? describe.skip : describe;

/** Chromium asks nobody for anything: what it sends is the page's doing. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executablePath ?? '',
    args: ARGUMENTS,
    env: { ...process.env, FONTCONFIG_FILE: join(import.meta.dirname, '../../fonts.conf') },
  });

/** Runs in the page; a text, because nothing else here knows a browser's types. */
const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) =>
  console.error(\`policy: \${event.violatedDirective} \${event.blockedURI} \${event.sourceFile}:\${event.lineNumber}\`))`;

export type Watched = {
  context: BrowserContext;
  page: Page;
  /** Script errors, violations of the content security policy, requests to other hosts. */
  complaints: string[];
};

/** A fresh profile, whose page is watched for what it must not do. */
export const openPage = async (browser: Browser, origin: string, options: BrowserContextOptions): Promise<Watched> => {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  const page = await context.newPage();
  // The real system is fast; half a minute of waiting only hides that something is missing.
  page.setDefaultTimeout(8_000);
  const complaints: string[] = [];
  await page.addInitScript(REPORT_VIOLATIONS);
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    // The browser's own note of an answer with an error status is no complaint: pages are shown errors here on purpose.
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && url.protocol !== 'blob:') complaints.push(`request to ${url.origin}`);
  });
  return { context, page, complaints };
};

type AxeResults = { violations: { id: string; help: string; nodes: { html: string; failureSummary: string }[] }[] };

/** What axe finds on the page as it is now, each in a line; all of its rules, best practices included. */
export const accessibilityFaults = async (page: Page): Promise<string[]> => {
  await page.evaluate(source);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}: ${failureSummary.replaceAll('\n', ' ')}`),
  );
};

/** Pixels that the page is wider than the window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

/** A picture of a page that is not as it should be. @returns where it is */
export const keepFailure = async (page: Page): Promise<string> => {
  const path = join(mkdtempSync(join(tmpdir(), 'page-failure-')), 'page.png');
  await page.screenshot({ path, fullPage: true });
  return path;
};
