import { createServer } from 'node:net';

/** Below Linux's and macOS's ranges for outgoing connections, which would take a port between choice and use. */
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/**
 * Ports that nothing on this machine listens on.
 *
 * @param taken ports that other runs have chosen and may not listen on yet
 */
export async function choosePorts(count: number, taken: ReadonlySet<number>): Promise<number[]> {
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1));
    if (!taken.has(port) && !chosen.has(port) && (await isFree(port))) chosen.add(port);
  }
  return [...chosen];
}

/** Whether nothing listens on the port, on this host's loopback address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
