import type { Server } from 'node:net';

/** `127.0.0.1:49152`, of a server that listens. */
export function addressOf(server: Server): string {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('not listening');
  return `127.0.0.1:${address.port}`;
}
