import { once } from 'node:events';
import { createServer, type Socket, connect as toServer } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../fakes/whatsapp/certificate.ts';

/**
 * A cable to a database that can be pulled out and put back: what goes through it breaks off, and who connects is
 * refused, as by a server that is down. `certificate`: the server at its end speaks TLS with it.
 */
export async function layCable(url: string, { certificate }: { certificate?: Certificate } = {}) {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((near) => {
    if (isSilent) return void sockets.add(near.on('error', () => undefined).pause());
    const far = toServer(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (!certificate) return void near.pipe(far).pipe(near);
    // PostgreSQL is asked for TLS in eight bytes, and says yes in one.
    near.once('data', () => {
      const secure = new TLSSocket(near, { isServer: true, secureContext: createSecureContext(certificate) });
      secure.on('error', () => near.destroy());
      near.write('S');
      secure.pipe(far).pipe(secure);
    });
  });
  const plugIn = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await plugIn(0);
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String(port);
  return {
    url: through.href,
    async pull(): Promise<void> {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
    /** Nothing goes through any more, and nobody is told: a machine without power. */
    falls: () => {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    /** What connects from now on comes to another server: as a name that a provider turns over. */
    leadsTo(other: string): void {
      target = new URL(other);
    },
    putBack: () => (server.listening ? Promise.resolve() : plugIn(port)),
  };
}
