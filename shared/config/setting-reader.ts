import type { KnownProperty } from './known/known-property.ts';
import type { Report } from './report.ts';
import type { Setting, Settings } from './setting.ts';
import { type Read, readBoolean, readChoice, readList, readNumber } from './values.ts';

/** Reads settings by their properties' types and defaults. What cannot be read is reported and read as the default. */
export class SettingReader {
  readonly #settings: Settings;
  readonly #known: ReadonlyMap<string, KnownProperty>;
  readonly #report: Report;

  constructor(settings: Settings, known: ReadonlyMap<string, KnownProperty>, report: Report) {
    this.#settings = settings;
    this.#known = known;
    this.#report = report;
  }

  at(name: string): Setting | undefined {
    return this.#settings.get(name);
  }

  boolean(name: string): boolean {
    return this.#read(name, readBoolean, false);
  }

  number(name: string): number {
    const property = this.#property(name);
    return this.#read(name, (text) => readNumber(property, text), 0);
  }

  list(name: string): readonly string[] {
    return this.#read(name, (text) => ({ value: readList(text) }), []);
  }

  text(name: string): string | undefined {
    const setting = this.#settings.get(name);
    return setting?.value.trim() || this.#default(name);
  }

  /** One of `values`, which the property allows too. */
  choice<T extends string>(name: string, values: readonly [T, ...T[]]): T {
    const property = this.#property(name);
    const word = this.#read<string>(name, (text) => readChoice(property, text), values[0]);
    return values.find((value) => value === word) ?? values[0];
  }

  /** As `choice`, undefined where neither file nor default says anything. */
  optionalChoice<T extends string>(name: string, values: readonly [T, ...T[]]): T | undefined {
    return this.text(name) === undefined ? undefined : this.choice(name, values);
  }

  #property(name: string): KnownProperty {
    const property = this.#known.get(name);
    if (property === undefined) throw new RangeError(`no such property: ${name}`);
    return property;
  }

  #default(name: string): string | undefined {
    const property = this.#property(name);
    return property.causewayDefault ?? property.default;
  }

  #read<T>(name: string, parse: (text: string) => Read<T>, otherwise: T): T {
    const setting = this.#settings.get(name);
    const written = setting === undefined ? undefined : parse(setting.value);
    if (written !== undefined && 'value' in written) return written.value;
    if (written !== undefined && setting !== undefined) this.#report.fault(setting, written.expected);
    const fallback = this.#default(name);
    const read = fallback === undefined ? undefined : parse(fallback);
    return read !== undefined && 'value' in read ? read.value : otherwise;
  }
}
