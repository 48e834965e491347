import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

const METADATA = 3;
const API_VERSIONS = 18;

/**
 * A broker that takes connections, tells versions and metadata (and that it listens here), and answers nothing else; or
 * nothing at all.
 */
export class HalfDeadBroker implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #brokerPort: number;
  readonly #answers: ReadonlySet<number>;

  private constructor(brokerPort: number, answers: readonly number[]) {
    this.#brokerPort = brokerPort;
    this.#answers = new Set(answers);
    this.#server = createServer((client) => this.#join(client, createConnection(brokerPort, '127.0.0.1')));
  }

  static async before(bootstrapServers: string, tells: 'metadata' | 'nothing'): Promise<HalfDeadBroker> {
    const port = Number(bootstrapServers.split(',')[0]?.split(':').at(-1));
    const proxy = new HalfDeadBroker(port, tells === 'metadata' ? [METADATA, API_VERSIONS] : []);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get #port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, broker: Socket): void {
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        broker.destroy();
      });
    }
    client.on('data', (request) => {
      if (this.#answers.has(request.readInt16BE(4))) broker.write(request);
    });
    broker.on('data', (answer) => client.write(this.#asIfHere(answer)));
  }

  #asIfHere(answer: Buffer): Buffer {
    const [from, to] = [Buffer.alloc(4), Buffer.alloc(4)];
    from.writeInt32BE(this.#brokerPort);
    to.writeInt32BE(this.#port);
    for (let at = answer.indexOf(from); at >= 0; at = answer.indexOf(from, at + 4)) to.copy(answer, at);
    return answer;
  }
}
