import { packageProgram, runProgram } from './program.ts';

/** `cdk synth` with the app that `cdk.json` names; needs no AWS account. */
process.exitCode = await runProgram(packageProgram('cdk'), ['synth', '--quiet', ...process.argv.slice(2)]);
