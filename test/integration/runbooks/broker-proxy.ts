import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { addressOf } from './address-of.ts';
import { Frames } from './frames.ts';
import type { Verdict } from './gate.ts';

/** API keys of answers that say where brokers listen: Metadata, FindCoordinator, DescribeCluster. */
const TELL_ADDRESSES: ReadonlySet<number> = new Set([3, 10, 60]);
const API_KEY_AT = 4;
const CORRELATION_AT = 8;
const CORRELATION_IN_ANSWER_AT = 4;

/** Asked for every request, by its API key. */
export type Admits = (apiKey: number) => Verdict | Promise<Verdict>;

/** Stands before the only broker of a cluster as if it were that one, and lets through what it is told to. */
export class BrokerProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #brokerPort: number;
  readonly #admits: Admits;
  readonly #answers: () => boolean;

  private constructor(brokerPort: number, admits: Admits, answers: () => boolean) {
    this.#brokerPort = brokerPort;
    this.#admits = admits;
    this.#answers = answers;
    this.#server = createServer((client) => this.#join(client, createConnection(brokerPort, '127.0.0.1')));
  }

  /** @param answers whether what the broker answers comes back */
  static async before(
    bootstrapServers: string,
    admits: Admits,
    answers: () => boolean = () => true,
  ): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(portOf(bootstrapServers), admits, answers);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): string {
    return addressOf(this.#server);
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
        this.#sockets.delete(socket);
        client.destroy();
        broker.destroy();
      });
    }
    const telling = new Set<number>();
    const requests = new Frames();
    let before = Promise.resolve();
    client.on('data', (bytes) => {
      for (const request of requests.take(bytes)) before = before.then(() => this.#forward(request, broker, telling));
    });
    const answers = new Frames();
    broker.on('data', (bytes) => {
      for (const answer of answers.take(bytes)) {
        if (!this.#answers()) continue;
        if (telling.delete(answer.readInt32BE(CORRELATION_IN_ANSWER_AT))) this.#asIfHere(answer);
        client.write(answer);
      }
    });
  }

  async #forward(request: Buffer, broker: Socket, telling: Set<number>): Promise<void> {
    const apiKey = request.readInt16BE(API_KEY_AT);
    if ((await this.#admits(apiKey)) === 'never') return;
    if (TELL_ADDRESSES.has(apiKey)) telling.add(request.readInt32BE(CORRELATION_AT));
    broker.write(request);
  }

  /** Where the answer names the broker's port, it names the proxy's. */
  #asIfHere(answer: Buffer): void {
    const [from, to] = [Buffer.alloc(4), Buffer.alloc(4)];
    from.writeInt32BE(this.#brokerPort);
    to.writeInt32BE(portOf(this.address));
    for (let at = answer.indexOf(from); at >= 0; at = answer.indexOf(from, at + 4)) to.copy(answer, at);
  }
}

function portOf(address: string): number {
  return Number(address.split(':').at(-1));
}
