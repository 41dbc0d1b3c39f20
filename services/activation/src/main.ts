import { formerServiceMain } from '@smartserver/service-kit';
import { resignDocuments } from './commands.ts';
import { activationConfig } from './config.ts';
import { activationMigrations } from './migrations.ts';
import { startActivation } from './wire.ts';

await formerServiceMain({
  name: 'activation',
  migrations: activationMigrations,
  config: activationConfig,
  start: startActivation,
  commands: {
    async 'resign-documents'() {
      const count = await resignDocuments(process.env, (soFar) => console.log(`${soFar} controllers …`));
      console.log(`${count} controllers have a document with a higher serial; the running service tells of it.`);
    },
  },
});
