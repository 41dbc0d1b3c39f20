import { parseArgs } from 'node:util';
import { DataFolder, StartError } from './data-folder.ts';
import { startEmbedded } from './embedded.ts';
import { Lifetime } from './lifetime.ts';
import { requireFreePort } from './port.ts';
import type { DemoLogins } from './seed.ts';

const welcome = (url: string, dataPlaces: string[], logins: DemoLogins): string => `
Ready.

  License Customer Portal ${url}/portal/
  API and documentation   ${url}/docs
  E-mails it has sent     ${url}/dev/mail
  Data                    ${dataPlaces.join(', ')}

  Customer Success        ${logins.staff.email}  ${logins.staff.password}  authenticator secret ${logins.staff.otpSecret}
  Partner                 ${logins.partner.email}  ${logins.partner.password}

  See the whole job done, from purchase to SmartServer:   npm run demo
  Stop: Ctrl-C. Start over with no data: npm start -- --fresh
`;

/** `npm start`: the whole system in one process on embedded PostgreSQL. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { fresh: { type: 'boolean', default: false } } });
  const host = process.env.HOST ?? '127.0.0.1';
  const port = Number(process.env.PORT ?? 8080);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StartError('PORT must be a number from 1 to 65535.');
  const folder = new DataFolder(process.env.DATA_DIR ?? '.data');
  await requireFreePort(host, port);

  const lifetime = new Lifetime();
  lifetime.onSignals();
  try {
    const { url, dataPlaces, logins } = await startEmbedded({
      folder,
      host,
      port,
      fresh: values.fresh,
      lifetime,
      progress: console.log,
    });
    console.log(welcome(url, dataPlaces, logins));
  } catch (error) {
    await lifetime.stop();
    throw error;
  }
}

main().catch((error: Error) => {
  const expected = error instanceof StartError || /^PostgreSQL/.test(error.message);
  console.error(expected ? error.message : error);
  process.exit(1);
});
