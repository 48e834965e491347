/** One code that errors have, as the sources say it. */
export interface ErrorCode {
  readonly code: string;
  /** Undefined: it is that of the error's cause, or of what the broker answered. */
  readonly retriable: boolean | undefined;
  /** Folders of the files that have it. */
  readonly rooms: readonly string[];
}

interface ErrorClass {
  readonly name: string;
  readonly base: string;
  readonly body: string;
  readonly file: string;
}

const CLASS = /class (\w+)(?:<[^>]*>)? extends (\w+)[^{]*\{\n([\s\S]*?)\n\}/g;
const CODE = /\bcode(?:: \w+)? = '([A-Z_]+)'/;
/** `this.code = cause instanceof CausewayError ? cause.code : 'RECONCILE_STEP_FAILED'` */
const OTHERWISE = /\bthis\.code = [^;]*'([A-Z_]+)'/;
/** `readonly code = TranslationCode.UnknownGroup`, of a table of codes in the same file. */
const NAMED_CODE = /\bcode(?:: \w+)? = \w+Code\.(\w+)/;
const RETRIABLE = /\bretriable(?:: boolean)? = (true|false)\b/;
/** A row of a table of refusals: `code: 'LAMBDA_THROTTLED', retriable: true`. */
const ROW = /^\s*code: '([A-Z]+_[A-Z_]+)',(?:\s*retriable: (true|false),)?/gm;

/** Every code of a class of errors, and of the tables in files named `...errors.ts`, by name. @param sources by path */
export function errorCodes(sources: ReadonlyMap<string, string>): readonly ErrorCode[] {
  const classes = [...sources].flatMap(([file, text]) => classesIn(file, text));
  const byName = Map.groupBy(classes, ({ name }) => name);
  const ofClasses = classes.flatMap((each) => {
    const code = codeOf(each, sources.get(each.file) ?? '');
    return code === undefined ? [] : [{ code, file: each.file, retriable: retriableOf(each, byName) }];
  });
  const ofTables = [...sources]
    .filter(([file]) => file.endsWith('errors.ts'))
    .flatMap(([file, text]) =>
      [...text.matchAll(ROW)].map(([, code = '', retriable]) => {
        return { code, file, retriable: retriable === undefined ? false : retriable === 'true' };
      }),
    );
  const found = Map.groupBy([...ofClasses, ...ofTables], ({ code }) => code);
  return [...found]
    .map(([code, all]) => {
      const answers = new Set(all.map(({ retriable }) => retriable));
      const retriable = answers.size === 1 ? all[0]?.retriable : undefined;
      return { code, retriable, rooms: [...new Set(all.map(({ file }) => roomOf(file)))].sort() };
    })
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

function classesIn(file: string, text: string): readonly ErrorClass[] {
  return [...text.matchAll(CLASS)].map(([, name = '', base = '', body = '']) => ({ name, base, body, file }));
}

function codeOf({ body }: ErrorClass, text: string): string | undefined {
  const named = NAMED_CODE.exec(body)?.[1];
  if (named === undefined) return (CODE.exec(body) ?? OTHERWISE.exec(body))?.[1];
  return new RegExp(`^\\s*${named}: '([A-Z_]+)'`, 'm').exec(text)?.[1];
}

/** Its own, or that of the class that it extends; the nearer file first where there are two of a name. */
function retriableOf({ body, base, file }: ErrorClass, byName: ReadonlyMap<string, readonly ErrorClass[]>) {
  const own = RETRIABLE.exec(body)?.[1];
  if (own !== undefined) return own === 'true';
  const bases = byName.get(base) ?? [];
  const found = bases.find((each) => each.file === file) ?? bases[0];
  const inherited = found && RETRIABLE.exec(found.body)?.[1];
  return inherited === undefined ? undefined : inherited === 'true';
}

/** `shared/append` of `shared/append/errors.ts`. */
function roomOf(file: string): string {
  return file.split('/').slice(0, 2).join('/').replace(/\.ts$/, '');
}
