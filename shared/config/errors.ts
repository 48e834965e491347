import { CausewayError } from '../flow/errors.ts';
import type { Fault } from './report.ts';
import type { LiteralSecret } from './secrets/literal.ts';
import { describeReference, type SecretReference, WRITTEN_REFERENCE } from './secrets/reference.ts';

/** A configuration file cannot be used. `faults` has all that is wrong with it, in file order. */
export class ConfigurationError extends CausewayError {
  override readonly code = 'CONFIGURATION_INVALID';
  override readonly retriable = false;
  readonly file: string;
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[]) {
    const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`;
    super(`${file} has ${count}:\n${faults.map((fault) => `  ${describeFault(file, fault)}`).join('\n')}`, {
      safe: 'Nothing was deployed or changed.',
      next: 'Correct the lines named above; docs/configuration.md has every key.',
    });
    this.file = file;
    this.faults = faults;
  }
}

/** The configuration file cannot be read at all. */
export class ConfigurationFileError extends CausewayError {
  override readonly code = 'CONFIGURATION_UNREADABLE';
  override readonly retriable = false;

  constructor(path: string, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    super(reason === 'ENOENT' ? `there is no file ${path}` : `${path} cannot be read: ${reason}`, {
      safe: 'Nothing was asked, built or changed.',
      next: 'Copy docs/examples/mm2.properties, or name the file: causeway --config <file>, cdk -c config=<file>.',
      cause,
    });
  }
}

/** `mm2.properties:12: tasks.max = many: expected a whole number`. */
export function describeFault(file: string, { line, key, value, expected, nearest }: Fault): string {
  const place = line === 0 ? file : `${file}:${line}`;
  const written = value === '' ? key : `${key} = ${value}`;
  return `${place}: ${written}: expected ${expected}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`;
}

/** A secret that stands in the file was to be handed on as JSON. */
export class LiteralSecretError extends CausewayError {
  override readonly code = 'LITERAL_SECRET';
  override readonly retriable = false;

  constructor(secret: LiteralSecret) {
    super(`${secret.key} in line ${secret.line} is a secret in clear text, which is not handed to functions`, {
      safe: 'The secret was not written anywhere.',
      next: `Put it into AWS Secrets Manager and refer to it as ${WRITTEN_REFERENCE}, with config.providers = secrets.`,
    });
  }
}

/** What a reference points at is not there or not readable. */
export class SecretUnavailableError extends CausewayError {
  override readonly code = 'SECRET_UNAVAILABLE';
  override readonly retriable = true;
  /** Why, without the value. */
  readonly reason: string;

  constructor(reference: SecretReference, reason: string, cause?: unknown) {
    super(`${describeReference(reference)} cannot be read: ${reason}`, {
      safe: 'No connection was made with other credentials.',
      next: 'Check that it exists in this region and account, and that the role may read it.',
      cause,
    });
    this.reason = reason;
  }
}
