import { createServer } from 'node:net';
import { StartError } from './data-folder.ts';

/** Shows that the gateway's address is free before anything else is started. */
export const requireFreePort = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', (error: NodeJS.ErrnoException) => {
        const reasons: Record<string, string> = {
          EADDRINUSE: `Port ${port} is in use. Stop what uses it, or choose another one: PORT=8081 npm start`,
          EACCES: `This user may not listen on port ${port}. Choose one above 1024: PORT=8080 npm start`,
          EADDRNOTAVAIL: `This machine has no address ${host}. Leave HOST out to listen on 127.0.0.1.`,
        };
        reject(new StartError(reasons[error.code ?? ''] ?? `Cannot listen on ${host}:${port}: ${error.message}`));
      })
      .listen(port, host, () => server.close(() => resolve()));
  });
