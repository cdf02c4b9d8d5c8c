/**
 * How many connections are held open.
 *
 * Invariants: one address outside has at most its share of the connections, so that a client that opens hundreds and
 * says nothing keeps nobody out; when most are taken those that wait idly are closed before anybody is turned away.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type AddressList, isLoopback, keysOf } from '../kernel/addresses.ts';

export type SocketLimits = {
  /** Open at the same time; default 1,000. */
  most?: number;
  /** Of one address (IPv6: one /64); default 128: many people can stand behind one address of a phone network. */
  perAddress?: number;
};

/** Idle ones are closed from this part of the most on, and looked for at most so often. */
const CROWDED = 0.8;
const TIDY_EVERY_MS = 1_000;

/** Connections of a trusted proxy, and from this machine, are many people's: only all together are bounded. */
export function boundSockets(
  server: Server,
  trustedProxy: AddressList | undefined,
  { most = 1_000, perAddress = 128 }: SocketLimits = {},
): void {
  const open = new Map<string, number>();
  let all = 0;
  let tidiedAt = 0;
  server.maxConnections = most;
  server.on('connection', (socket: Socket) => {
    all += 1;
    const address = socket.remoteAddress ?? '';
    const isShared = isLoopback(address) || trustedProxy?.has(address);
    const key = isShared ? undefined : keysOf(address).narrow;
    const same = key === undefined ? 0 : (open.get(key) ?? 0) + 1;
    if (key !== undefined) open.set(key, same);
    socket.once('close', () => {
      all -= 1;
      if (key === undefined) return;
      const left = (open.get(key) ?? 1) - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    });
    if (same > perAddress) socket.destroy();
    else if (all > most * CROWDED && performance.now() - tidiedAt > TIDY_EVERY_MS) {
      tidiedAt = performance.now();
      server.closeIdleConnections();
    }
  });
}
