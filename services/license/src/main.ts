import { formerServiceMain } from '@smartserver/service-kit';
import { replay } from './commands.ts';
import { licenseConfig } from './config.ts';
import { licenseMigrations } from './migrations.ts';
import { startLicense } from './wire.ts';

await formerServiceMain({
  name: 'license',
  migrations: licenseMigrations,
  config: licenseConfig,
  start: startLicense,
  commands: {
    async replay() {
      const count = await replay(process.env, (soFar) => console.log(`${soFar} licenses …`));
      console.log(`${count} licenses will be told anew by the running license service.`);
    },
  },
});
