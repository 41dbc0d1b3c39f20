import { runProcess } from '@smartserver/service-kit';
import { gatewayConfig } from './config.ts';
import { startGateway } from './start-gateway.ts';

await runProcess('gateway', async (env) => {
  const config = gatewayConfig(env);
  const service = await startGateway(config);
  return { ...service, listen: { host: config.HOST, port: config.PORT } };
});
