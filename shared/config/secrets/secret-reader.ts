import type { Report } from '../report.ts';
import type { Secret, Text } from '../security/schema.ts';
import type { Setting } from '../setting.ts';
import { LiteralSecret } from './literal.ts';
import {
  isReference,
  type Part,
  type ProviderKind,
  parseReferences,
  type SecretReference,
  WRITTEN_REFERENCE,
} from './reference.ts';

/** Reads values that may be references, by the providers that the file declares. */
export class SecretReader {
  readonly #providers: ReadonlyMap<string, ProviderKind>;
  readonly #report: Report;

  constructor(providers: ReadonlyMap<string, ProviderKind>, report: Report) {
    this.#providers = providers;
    this.#report = report;
  }

  /** The reference that `value` is, if it is nothing else. */
  reference(at: Setting, value: string): SecretReference | undefined {
    const parts = this.#parts(at, value);
    const [first] = parts;
    return parts.length === 1 && first !== undefined && isReference(first) ? first : undefined;
  }

  text(at: Setting, value: string): Text {
    return this.reference(at, value) ?? this.#plain(at, value);
  }

  secret(at: Setting, value: string): Secret {
    const reference = this.reference(at, value);
    if (reference !== undefined) return reference;
    this.#report.warn(
      at,
      `a secret in clear text works as in MirrorMaker 2, but whoever reads the file has it; put it into AWS Secrets Manager and refer to it as ${WRITTEN_REFERENCE}`,
    );
    return new LiteralSecret(this.#plain(at, value), at);
  }

  #plain(at: Setting, value: string): string {
    if (this.#parts(at, value).some(isReference))
      this.#report.fault(at, 'a reference alone: it cannot be a part of a value here');
    return value;
  }

  #parts(at: Setting, value: string): readonly Part[] {
    const parts = parseReferences(value, this.#providers);
    for (const part of parts) {
      if (typeof part === 'string' || isReference(part)) continue;
      const declared = this.#providers.has(part.unknown);
      this.#report.fault(
        at,
        declared
          ? `a provider that can run in a function; ${part.unknown} cannot: use env, secrets or ssm`
          : `a provider that config.providers names; ${part.unknown} is not among them`,
      );
    }
    return parts;
  }
}
