import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

const API_VERSIONS = 18;
const LIST_OFFSETS = 2;

/** A broker that knows one partition and tells where it ends: 0 for `orders`, in ListOffsets 6. Or tells nothing more. */
export class ListingBroker implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #unanswered: (() => void)[] = [];
  /** ListOffsets requests that came. */
  asked = 0;
  /** Accepts connections, and lets who asks wait. */
  hangs = false;

  private constructor(partition: number, end: bigint) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      let received = Buffer.alloc(0);
      socket.on('error', () => {});
      socket.on('data', (data) => {
        received = Buffer.concat([received, data]);
        while (received.length >= 4 && received.length >= 4 + received.readInt32BE()) {
          const request = received.subarray(4, 4 + received.readInt32BE());
          received = received.subarray(4 + request.length);
          this.#answer(socket, request.readInt16BE(), request.subarray(4, 8), partition, end);
        }
      });
    });
  }

  static async telling(partition: number, end: bigint): Promise<ListingBroker> {
    const broker = new ListingBroker(partition, end);
    broker.#server.listen(0, '127.0.0.1');
    await once(broker.#server, 'listening');
    return broker;
  }

  get address(): { readonly host: string; readonly port: number } {
    const address = this.#server.address();
    return { host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
  }

  /** Answers everything that waits. */
  wake(): void {
    this.hangs = false;
    for (const answer of this.#unanswered.splice(0)) answer();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(socket: Socket, apiKey: number, correlationId: Buffer, partition: number, end: bigint): void {
    const send = (answer: Buffer) => socket.write(Buffer.concat([int32(4 + answer.length), correlationId, answer]));
    if (apiKey === API_VERSIONS) {
      send(Buffer.concat([int16(0), Buffer.from([2]), int16(LIST_OFFSETS), int16(1), int16(6), Buffer.alloc(6)]));
      return;
    }
    this.asked++;
    const answer = () => send(listed(partition, end));
    if (this.hangs) this.#unanswered.push(answer);
    else answer();
  }
}

/** No tagged fields of the header, no throttling, one topic of one partition: no error, no timestamp, its end, leader epoch 0. */
function listed(partition: number, end: bigint): Buffer {
  const name = Buffer.from('orders');
  const offset = Buffer.alloc(8);
  offset.writeBigInt64BE(end);
  return Buffer.concat([
    Buffer.from([0]),
    int32(0),
    Buffer.from([2, name.length + 1]),
    name,
    Buffer.from([2]),
    int32(partition),
    int16(0),
    Buffer.alloc(8, 0xff),
    offset,
    int32(0),
    Buffer.from([0, 0, 0]),
  ]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
