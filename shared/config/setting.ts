/** One line of the file as a reader sees it: `name` is what the key means after its prefix was taken off. */
export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

/** Settings by name. */
export type Settings = ReadonlyMap<string, Setting>;

/** Those whose name begins with `prefix`, under the rest of the name. */
export function withoutPrefix(settings: Settings, prefix: string): Map<string, Setting> {
  const found = new Map<string, Setting>();
  for (const [name, setting] of settings) if (name.startsWith(prefix)) found.set(name.slice(prefix.length), setting);
  return found;
}

/** Later layers win. */
export function layered(...layers: readonly Settings[]): Map<string, Setting> {
  return new Map(layers.flatMap((layer) => [...layer]));
}

export function pick(settings: Settings, wanted: (name: string) => boolean): Map<string, Setting> {
  return new Map([...settings].filter(([name]) => wanted(name)));
}
