import type { Configuration } from '../../config/configuration.ts';
import type { Flow } from '../../config/flow-schema.ts';
import { oppositeOf } from '../../config/opposite-flow.ts';
import type { Reading } from '../../status/reading.ts';
import { type Asked, askEach } from '../ask-each.ts';
import { statusPorts } from './connect.ts';
import { FlowReader, type Question } from './flow-reader.ts';

/** Readers of several flows, whose connections stay open from one reading to the next. */
export class FlowReaders implements AsyncDisposable {
  readonly #readers: readonly { readonly flow: Flow; readonly reader: FlowReader }[];
  readonly #open: readonly AsyncDisposable[];

  /** @param all of the file: a flow's heartbeats are written by the one the other way round */
  constructor(
    flows: readonly Flow[],
    { flows: all }: Configuration,
    prefix: string,
    questionOf: (flow: Flow) => Question,
  ) {
    const each = flows.map((flow) => ({ flow, ports: statusPorts(flow, oppositeOf(flow, all), prefix) }));
    this.#open = each.map(({ ports }) => ports);
    this.#readers = each.map(({ flow, ports }) => ({ flow, reader: new FlowReader(ports, questionOf(flow)) }));
  }

  /** All at once. One that cannot be read leaves the others their answers. */
  async read(): Promise<readonly Asked<Reading>[]> {
    const asked = await Promise.all(this.#readers.map(({ flow, reader }) => askEach([flow], () => reader.read())));
    return asked.flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map((ports) => ports[Symbol.asyncDispose]()));
  }
}
