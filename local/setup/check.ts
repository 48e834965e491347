import { runChecks } from './checks.ts';
import { outcomeLine, total } from './outcome.ts';

const outcome = total(await runChecks());
console.log(`\n${outcomeLine(outcome)}`);
process.exitCode = outcome.failed === 0 ? 0 : 1;
