import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Answers every request as if it were ApiVersions 3, with the versions, or the error, that it was told. */
export class FakeBroker implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(answer: Buffer) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', (request) => {
        const correlationId = request.subarray(8, 12);
        const size = Buffer.alloc(4);
        size.writeInt32BE(correlationId.length + answer.length);
        socket.write(Buffer.concat([size, correlationId, answer]));
      });
    });
  }

  static async offering(versions: Readonly<Record<number, readonly [number, number]>>): Promise<FakeBroker> {
    const entries = Object.entries(versions).map(([key, [min, max]]) => {
      const entry = Buffer.alloc(7);
      entry.writeInt16BE(Number(key), 0);
      entry.writeInt16BE(min, 2);
      entry.writeInt16BE(max, 4);
      return entry;
    });
    const count = Buffer.from([entries.length + 1]);
    return FakeBroker.#listen(Buffer.concat([Buffer.alloc(2), count, ...entries, Buffer.alloc(5)]));
  }

  static async answeringError(code: number): Promise<FakeBroker> {
    const answer = Buffer.alloc(6);
    answer.writeInt16BE(code);
    return FakeBroker.#listen(answer);
  }

  static async #listen(answer: Buffer): Promise<FakeBroker> {
    const broker = new FakeBroker(answer);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get address(): string {
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
