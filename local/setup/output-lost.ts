import { ExitCode } from '../../shared/cli/exit-code.ts';

/**
 * Ends this process as Ctrl-C would when nobody reads its output any more, as behind `head`: what it started is stopped and
 * removed. Thrown by Node, the error would end it as a failure, whose runs are kept to be looked at.
 */
export function endWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => {
      process.exit(ExitCode.OutputLost);
    });
}
