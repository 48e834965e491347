import { ExitCode } from '../../shared/cli/exit-code.ts';
import { runChecks } from './checks.ts';
import { outcomeLine, total } from './outcome.ts';
import { tasks } from './tasks.mjs';

const args = process.argv.slice(2);
if (args.length > 0) {
  console.error(`The check takes no arguments: ${args.join(' ')}\n\n${tasks.check.help}`);
  process.exit(ExitCode.Usage);
}
const outcome = total(await runChecks());
console.log(`\n${outcomeLine(outcome)}`);
process.exitCode = outcome.failed === 0 ? 0 : 1;
