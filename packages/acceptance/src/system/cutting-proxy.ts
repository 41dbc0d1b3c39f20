import { connect, createServer, type Server, type Socket } from 'node:net';

/** Passes requests on whole, and cuts the connection when the answer comes: the server has done it, the client cannot know. */
export class CuttingProxy {
  readonly url: string;
  private readonly server: Server;
  private cuts = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(server: Server, url: string) {
    this.server = server;
    this.url = url;
  }

  static start(target: string): Promise<CuttingProxy> {
    const { hostname, port } = new URL(target);
    return new Promise((resolve) => {
      let proxy: CuttingProxy | null = null;
      const server = createServer((client) => {
        const upstream = connect(Number(port), hostname);
        for (const socket of [client, upstream]) {
          proxy?.sockets.add(socket);
          socket.on('close', () => proxy?.sockets.delete(socket));
          socket.on('error', () => {
            client.destroy();
            upstream.destroy();
          });
        }
        client.pipe(upstream);
        upstream.on('data', (chunk) => {
          if (proxy && proxy.cuts > 0) {
            proxy.cuts -= 1;
            client.destroy();
            upstream.destroy();
          } else client.write(chunk);
        });
        upstream.on('close', () => client.destroy());
        client.on('close', () => upstream.destroy());
      });
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') throw new Error('No address.');
        proxy = new CuttingProxy(server, `http://127.0.0.1:${address.port}`);
        resolve(proxy);
      });
    });
  }

  /** The next answer does not arrive. */
  cutNextAnswer(): void {
    this.cuts += 1;
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}
