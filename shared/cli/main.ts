import type { Resolve } from '../config/secrets/reference.ts';
import { ExitCode } from './exit-code.ts';
import { withDeadline } from './look-up.ts';
import { run } from './run.ts';
import type { Page } from './terminal/page.ts';
import { styleFor } from './terminal/style.ts';

/** Lines longer than this are hard to follow, however wide the window is. */
const WIDEST = 100;
const NARROWEST = 40;
const WITHOUT_TERMINAL = 80;

function channel(stream: NodeJS.WriteStream) {
  const width = stream.isTTY
    ? Math.min(WIDEST, Math.max(NARROWEST, stream.columns || WITHOUT_TERMINAL))
    : WITHOUT_TERMINAL;
  const page: Page = { width, style: styleFor(stream.isTTY, process.env) };
  return { page, write: (text: string) => stream.write(text) };
}

/** A value is there in well under a second, or the region is gone. */
const LOOK_UP_MS = 10_000;

/** The AWS clients are loaded only for a file that refers to anything. */
const lookUp: Resolve = async (reference) => {
  const { lookUpHere } = await import('../adapters/look-up.ts');
  return lookUpHere(process.env)(reference);
};

for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, as head, needs no message.
    if (error.code !== 'EPIPE' && stream === process.stdout)
      process.stderr.write(`causeway: the output could not be written: ${error.message}\n`);
    process.exit(ExitCode.OutputLost);
  });

const exitCode = await run(process.argv.slice(2), {
  folder: process.cwd(),
  out: channel(process.stdout),
  err: channel(process.stderr),
  setVariables: (variables) => Object.assign(process.env, variables),
  resolve: withDeadline(lookUp, LOOK_UP_MS),
});
// Connections that are still open would keep the process; what was written has to be out before it ends.
await Promise.all([written(process.stdout), written(process.stderr)]);
process.exit(exitCode);

/** A stream that fails is seen to above. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', (error) => (error ? undefined : resolve())));
}
