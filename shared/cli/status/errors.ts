import { CausewayError } from '../../flow/errors.ts';

/** `monitor` was asked for, and has kept nothing. */
export class StatusNotKeptError extends CausewayError {
  override readonly code = 'STATUS_NOT_KEPT';
  override readonly retriable = true;

  constructor(flow: string) {
    super(`${flow}: the function monitor has kept no reading yet`, {
      safe: 'Nothing was changed: this command only reads.',
      next: 'It keeps one each minute, from the first after its deployment: see its log if none comes. Without --stored the brokers are asked from here.',
    });
  }
}

/** The page was made and cannot be put where it was wanted. */
export class PageNotWrittenError extends CausewayError {
  override readonly code = 'PAGE_NOT_WRITTEN';
  override readonly retriable = false;

  constructor(file: string, cause: unknown) {
    super(`${file} cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, {
      safe: 'What stood there before stands there still.',
      next: 'Name a file in a folder that is there and may be written.',
      cause,
    });
  }
}
