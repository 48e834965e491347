export interface CausewayErrorDetails {
  /** What is safe: which records are in the target, what has been left as it was. */
  readonly safe: string;
  /** What to do next. */
  readonly next: string;
  readonly cause?: unknown;
}

/** In words, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Base of every error that Causeway raises. `message` says what happened to which topic partition, `safe` what is not
 * affected, `next` what to do; `code` is stable and may be alarmed on.
 */
export abstract class CausewayError extends Error {
  abstract readonly code: string;
  /** True when the same call may succeed later with nobody's help. */
  abstract readonly retriable: boolean;
  readonly safe: string;
  readonly next: string;

  constructor(message: string, details: CausewayErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
    this.safe = details.safe;
    this.next = details.next;
  }
}
