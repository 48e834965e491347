import { describeFailure } from '../local/region/describe.ts';
import { endWhenNobodyReads } from '../local/setup/output-lost.ts';
import { UsageError } from '../shared/cli/errors.ts';
import { ExitCode } from '../shared/cli/exit-code.ts';
import { BenchArguments } from './arguments.ts';
import { benchHelp, benchOf, overview } from './benches.ts';

async function run([name, ...words]: readonly string[]): Promise<ExitCode> {
  if (name === '--help' || name === '-h') {
    console.log(overview());
    return ExitCode.Yes;
  }
  const row = benchOf(name);
  const args = new BenchArguments(row.name, row.options, words);
  if (args.flag('help')) {
    console.log(benchHelp(row, args.options));
    return ExitCode.Yes;
  }
  const bench = await row.load();
  return (await bench(args)) ? ExitCode.Yes : ExitCode.No;
}

function failed(error: unknown): ExitCode {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}. ${error.next}` : describeFailure(error));
  return isUsage ? ExitCode.Usage : ExitCode.No;
}

endWhenNobodyReads();
// Functions keep their connections for the next invocation, which would keep this process as well.
process.exit(await run(process.argv.slice(2)).catch(failed));
