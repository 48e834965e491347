import { createServer } from 'node:http';

/** Takes requests and never answers: a region that is half gone. */
export class SilentEndpoint implements AsyncDisposable {
  readonly #server = createServer(() => {});

  static async open(): Promise<SilentEndpoint> {
    const endpoint = new SilentEndpoint();
    await new Promise<void>((listening) => endpoint.#server.listen(0, '127.0.0.1', listening));
    return endpoint;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('not listening');
    return `http://127.0.0.1:${address.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}
