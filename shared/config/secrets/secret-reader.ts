import { describeMissing, foundValue, type LookedUp } from '../lookup.ts';
import type { Report } from '../report.ts';
import type { Secret, Text } from '../security/schema.ts';
import type { Setting } from '../setting.ts';
import { CLEAR_TEXT, LiteralSecret } from './literal.ts';
import {
  describeReference,
  isLocal,
  isReference,
  type Part,
  type ProviderKind,
  parseReferences,
  type SecretReference,
  WRITTEN_REFERENCE,
} from './reference.ts';

/** Who connects to the clusters and looks up secrets for it: whoever reads the file, or functions far from it. */
export type ConnectsFrom = 'here' | 'functions';

export interface SecretReaderOptions {
  readonly providers: ReadonlyMap<string, ProviderKind>;
  readonly connectsFrom: ConnectsFrom;
  readonly found: LookedUp;
  readonly report: Report;
}

/** Reads values that may be references, by the providers that the file declares. */
export class SecretReader {
  readonly #options: SecretReaderOptions;

  constructor(options: SecretReaderOptions) {
    this.#options = options;
  }

  /** The secret that `value` refers to, if it is nothing but a reference. */
  reference(at: Setting, value: string): SecretReference | undefined {
    const found = only(this.#parts(at, value));
    if (found !== undefined && this.#outOfReach(found))
      this.#options.report.fault(
        at,
        `a secret that functions can look up, which ${describeReference(found)} is not: put it into AWS Secrets Manager and refer to it as ${WRITTEN_REFERENCE}, or into Parameter Store and refer to it as \${ssm:<name>}`,
      );
    return found;
  }

  /** What is no secret may come from wherever the file is read. */
  text(at: Setting, value: string): Text {
    const parts = this.#parts(at, value);
    const reference = only(parts);
    if (reference !== undefined && !this.#outOfReach(reference)) return reference;
    return parts.map((part) => this.#plain(at, part)).join('');
  }

  secret(at: Setting, value: string): Secret {
    const { report } = this.#options;
    const reference = this.reference(at, value);
    if (reference !== undefined) return reference;
    if (this.#parts(at, value).some(isReference)) this.#refusePart(at);
    else
      report.warn(
        at,
        `${CLEAR_TEXT} works as in MirrorMaker 2, but whoever reads the file has it; put it into AWS Secrets Manager and refer to it as ${WRITTEN_REFERENCE}`,
      );
    return new LiteralSecret(value, at);
  }

  #outOfReach(reference: SecretReference): boolean {
    return this.#options.connectsFrom === 'functions' && isLocal(reference);
  }

  #plain(at: Setting, part: Part): string {
    if (typeof part === 'string') return part;
    if (!isReference(part)) return `\${${part.unknown}:${part.rest}}`;
    const { found, report } = this.#options;
    if (!this.#outOfReach(part)) this.#refusePart(at);
    else if (foundValue(part, found) === undefined) report.fault(at, describeMissing(part, found));
    return foundValue(part, found) ?? '';
  }

  #refusePart(at: Setting): void {
    this.#options.report.fault(at, 'a reference alone: it cannot be a part of a value here');
  }

  #parts(at: Setting, value: string): readonly Part[] {
    const { providers, report } = this.#options;
    const parts = parseReferences(value, providers);
    for (const part of parts) {
      if (typeof part === 'string' || isReference(part)) continue;
      report.fault(
        at,
        providers.has(part.unknown)
          ? `a provider that is known here; ${part.unknown} is not: use secrets or ssm`
          : `a provider that config.providers names; ${part.unknown} is not among them`,
      );
    }
    return parts;
  }
}

/** The reference that a value is, if it is nothing else. */
function only([first, ...rest]: readonly Part[]): SecretReference | undefined {
  return rest.length === 0 && first !== undefined && isReference(first) ? first : undefined;
}
