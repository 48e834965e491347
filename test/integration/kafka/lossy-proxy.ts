import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Stands between a client and a broker, and loses what it is told to lose. */
export class LossyProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #answers: 'pass' | 'cut' = 'pass';
  #requests: 'pass' | 'lose' = 'pass';
  connections = 0;

  private constructor(brokerPort: number) {
    this.#server = createServer((client) => this.#join(client, createConnection(brokerPort, '127.0.0.1')));
  }

  static async listen(port: number, brokerPort: number): Promise<LossyProxy> {
    const proxy = new LossyProxy(brokerPort);
    proxy.#server.listen(port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** The broker gets the next request; the client's connection breaks instead of the answer. */
  cutNextAnswer(): void {
    this.#answers = 'cut';
  }

  /** Requests are taken and go nowhere, as behind a broken link. */
  loseRequests(): void {
    this.#requests = 'lose';
  }

  passRequests(): void {
    this.#requests = 'pass';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, broker: Socket): void {
    this.connections++;
    for (const [socket, peer] of [
      [client, broker],
      [broker, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        peer.destroy();
      });
    }
    client.on('data', (request) => {
      if (this.#requests === 'pass') broker.write(request);
    });
    broker.on('data', (answer) => {
      if (this.#answers === 'pass') client.write(answer);
      else {
        this.#answers = 'pass';
        client.destroy();
      }
    });
  }
}
