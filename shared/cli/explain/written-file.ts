import { connectorSettings } from '../../config/layers.ts';
import { parseProperties } from '../../config/properties.ts';
import type { Setting } from '../../config/setting.ts';
import { type FlowId, flowName } from '../../flow/flow.ts';
import type { Change, Finding, Place, Rule } from './explanation.ts';

/** The file as it is written, to say where a setting stands and what to write instead. */
export class WrittenFile {
  readonly #settings: ReadonlyMap<string, Setting>;
  readonly #lines: readonly string[];

  constructor(text: string) {
    this.#lines = text.split(/\r\n|\n|\r/);
    this.#settings = new Map(parseProperties(text).properties.map((property) => [property.key, property]));
  }

  /** Where the value that holds for a flow is written; undefined for a default. */
  place(flow: FlowId, property: string): Place | undefined {
    const setting = connectorSettings(this.#settings, flow).get(property);
    return setting === undefined ? undefined : { key: setting.key, line: setting.line };
  }

  /** What a switch of the flow has done, with the line that it is set in. */
  finding(flow: FlowId, rule: Rule, property: string, says: string): Finding {
    const place = this.place(flow, property);
    return { rule, says, property, ...(place !== undefined && { place }) };
  }

  /** Of the logical line that begins there: an odd number of backslashes at its end continues a line. */
  #lastLine(first: number): number {
    let last = first;
    while (last < this.#lines.length && /(?<!\\)(?:\\\\)*\\$/.test(this.#lines[last - 1] ?? '')) last += 1;
    return last;
  }

  /** The flow's own line for a property, which wins over all others; other flows stay as they are. */
  change(flow: FlowId, property: string, value: string, to: Change['to'], says: string): Change {
    const key = `${flowName(flow)}.${property}`;
    const own = this.#settings.get(key);
    return {
      to,
      says,
      write: `${key} = ${value}`,
      ...(own !== undefined && { lines: { first: own.line, last: this.#lastLine(own.line) } }),
    };
  }
}
