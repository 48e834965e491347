/** The login module of a `sasl.jaas.config`, and its options. */
export interface Jaas {
  readonly module: string;
  readonly options: ReadonlyMap<string, string>;
}

const MODULE = /^\s*([\w.$]+)\s+(?:required|requisite|sufficient|optional)\b([\s\S]*?);\s*$/;
const OPTION = /\s+([\w.]+)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|'((?:[^'\\]|\\[\s\S])*)'|([^\s;"']+))/y;

/** Reads `org.apache...ScramLoginModule required username="u" password="p";`; undefined if it is nothing like it. */
export function parseJaas(text: string): Jaas | undefined {
  const [, module, rest] = MODULE.exec(text) ?? [];
  if (module === undefined || rest === undefined) return undefined;
  const options = new Map<string, string>();
  let end = 0;
  for (const option of rest.matchAll(new RegExp(OPTION, 'gy'))) {
    const [whole, name = '', double, single, bare] = option;
    options.set(name, bare ?? (double ?? single ?? '').replace(/\\([\s\S])/g, '$1'));
    end = option.index + whole.length;
  }
  return rest.slice(end).trim() === '' ? { module, options } : undefined;
}
