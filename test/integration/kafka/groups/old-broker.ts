import { once } from 'node:events';
import { createConnection, createServer, type Server, type Socket } from 'node:net';

/** Newest versions that a Kafka 2.8 offers: OffsetFetch, FindCoordinator, ListGroups. */
const NEWEST: ReadonlyMap<number, number> = new Map([
  [9, 7],
  [10, 3],
  [16, 4],
]);
const METADATA = 3;
const FIND_COORDINATOR = 10;
const API_VERSIONS = 18;

/** A broker seen as if it were a Kafka 2.8: it offers no newer versions, and says that it listens here. */
export class OldBroker implements AsyncDisposable {
  /** API keys of the requests that came, in order. */
  readonly requests: number[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #brokerPort: number;

  private constructor(brokerPort: number) {
    this.#brokerPort = brokerPort;
    this.#server = createServer((client) => this.#join(client, createConnection(brokerPort, '127.0.0.1')));
  }

  static async before(bootstrapServers: string): Promise<OldBroker> {
    const proxy = new OldBroker(Number(bootstrapServers.split(':').at(-1)));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get bootstrapServers(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  get #port(): number {
    const address = this.#server.address();
    if (typeof address !== 'object' || address === null) throw new Error('not listening');
    return address.port;
  }

  #join(client: Socket, broker: Socket): void {
    const apiKeys = new Map<number, number>();
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        broker.destroy();
      });
    }
    const note = (request: Buffer) => {
      this.requests.push(request.readInt16BE(4));
      apiKeys.set(request.readInt32BE(8), request.readInt16BE(4));
      broker.write(request);
    };
    client.on('data', inFrames(note));
    broker.on(
      'data',
      inFrames((answer) => client.write(this.#aged(answer, apiKeys.get(answer.readInt32BE(4))))),
    );
  }

  #aged(answer: Buffer, apiKey: number | undefined): Buffer {
    if (apiKey === API_VERSIONS) limitVersions(answer);
    if (apiKey === METADATA || apiKey === FIND_COORDINATOR) {
      const [from, to] = [Buffer.alloc(4), Buffer.alloc(4)];
      from.writeInt32BE(this.#brokerPort);
      to.writeInt32BE(this.#port);
      for (let at = answer.indexOf(from); at >= 0; at = answer.indexOf(from, at + 4)) to.copy(answer, at);
    }
    return answer;
  }
}

/** ApiVersions 3: size, correlation id, error, entries of key, oldest, newest and no tags; there are fewer than 127. */
function limitVersions(answer: Buffer): void {
  const count = answer.readUInt8(10) - 1;
  for (let i = 0; i < count; i++) {
    const at = 11 + i * 7;
    const newest = NEWEST.get(answer.readInt16BE(at));
    if (newest !== undefined) answer.writeInt16BE(newest, at + 4);
  }
}

function inFrames(take: (frame: Buffer) => void): (data: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const size = 4 + rest.readInt32BE(0);
      take(Buffer.from(rest.subarray(0, size)));
      rest = rest.subarray(size);
    }
  };
}
