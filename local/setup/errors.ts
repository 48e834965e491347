import { CausewayError } from '../../shared/flow/errors.ts';

/** Maven or pip could not fetch what a local region runs on. */
export class ToolInstallFailed extends CausewayError {
  readonly code = 'LOCAL_TOOL_INSTALL_FAILED';
  readonly retriable = true;

  constructor(message: string, log: string, cause?: unknown) {
    super(message, {
      safe: 'A half-installed tool is never used: the next run begins it anew.',
      next: `Read ${log}. Most often the package registry was not reachable; then run the same command again.`,
      cause,
    });
  }
}
