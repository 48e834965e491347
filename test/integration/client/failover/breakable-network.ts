import { connect, type Socket } from 'node:net';
import type { ISocketFactory } from 'kafkajs';

/** The way to one cluster, for kafkajs, which can be made to fail as ways do. */
export class BreakableNetwork {
  readonly #sockets = new Set<Socket>();
  #mode: 'up' | 'silent' | 'down' = 'up';

  readonly socketFactory: ISocketFactory = ({ host, port, onConnect }) => {
    // Nobody listens on port 9.
    const socket = this.#mode === 'down' ? connect(9, '127.0.0.1') : connect(port, host);
    socket.on('connect', onConnect);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#sockets.add(socket);
    const emit = socket.emit.bind(socket);
    socket.emit = (event: string | symbol, ...args: unknown[]) =>
      event === 'data' && this.#mode !== 'up' ? true : emit(event, ...args);
    return socket;
  };

  /** Requests arrive; answers do not. */
  silence(): void {
    this.#mode = 'silent';
  }

  /** Connections break, and are refused. */
  breakDown(): void {
    this.#mode = 'down';
    this.#reset();
  }

  /** As before; what was lost stays lost. */
  mend(): void {
    this.#mode = 'up';
    this.#reset();
  }

  #reset(): void {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    for (const socket of this.#sockets) socket.destroy(reset);
  }
}
