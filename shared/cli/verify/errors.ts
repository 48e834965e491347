import { CausewayError } from '../../flow/errors.ts';

const NOTHING = 'Nothing was changed: verify only reads clusters and the offset map.';

/** A file of `--state`, `--report` or `--check` cannot be read, or cannot be written. */
export class VerifyFileUnusable extends CausewayError {
  override readonly code = 'VERIFY_FILE_UNUSABLE';
  override readonly retriable = false;

  constructor(path: string, found: string) {
    super(`${path}: ${found}`, { safe: NOTHING, next: 'Name another file, or remove this one to begin anew.' });
  }
}

/** What is to sign a report, or to check one, is no key. */
export class KeyUnusable extends CausewayError {
  override readonly code = 'KEY_UNUSABLE';
  override readonly retriable = false;

  constructor(path: string, found: string) {
    super(`${path}: ${found}`, {
      safe: NOTHING,
      next: 'Make a key with: openssl genpkey -algorithm ed25519 -out verify.key; its public half: openssl pkey -in verify.key -pubout.',
    });
  }
}
