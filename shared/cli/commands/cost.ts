import { ConfigurationFileError } from '../../config/errors.ts';
import { compare } from '../../cost/compare.ts';
import { estimate, type Question } from '../../cost/estimate.ts';
import { PRICES } from '../../cost/prices.ts';
import { variantsOf } from '../../cost/variants.ts';
import { defaultAssumptions, defaultWorkload } from '../../cost/workload.ts';
import type { Answer, Command, CommandContext } from '../command.ts';
import type { LoadedConfiguration } from '../configuration-file.ts';
import { assumptionsOf, NOT_COUNTED } from '../cost/assumptions.ts';
import { present } from '../cost/present.ts';
import { costQuestion } from '../cost/question.ts';
import { ExitCode } from '../exit-code.ts';

const { recordBytes, topics, partitions, groups, compressedTo } = defaultWorkload;

/** What does it cost? */
export const cost: Command = {
  usage: ['--tb-per-month <n> [--flow <A->B>] [--regions <source>,<target>] [--two-way]'],
  description: [
    'Computes what flows cost a month, part by part: quantity, price, and where the quantity comes from; what MSK Replicator and MirrorMaker 2 on MSK Connect would charge for the same traffic; and at what traffic the one or the other is cheaper. It asks no cluster, and AWS only for what the file refers to outside of secrets.',
    'Settings are those of the configuration’s flows, or, where there is no ./mm2.properties, the defaults. Traffic is what you say; even in time, over topics and over partitions, which is the dearest that it can be: bursts have fuller deliveries.',
    'Prices are those of us-east-1, each with its date and source; --price replaces one. What is assumed, and what is not counted, is printed as well. An estimate, not a bill.',
    'Exit code 0: it was computed.',
  ],
  options: [
    { name: 'tb-per-month', value: 'n', summary: 'TB (10^12 bytes, before compression) that each flow copies a month' },
    { name: 'record-bytes', value: 'n', summary: `mean size of a record; default ${recordBytes}` },
    { name: 'topics', value: 'n', summary: `that a flow copies; default ${topics}` },
    { name: 'partitions', value: 'n', summary: `of all topics together; default ${partitions}` },
    { name: 'topics-measured', value: 'n', summary: 'with metrics of their own; default by causeway.metrics.topics' },
    { name: 'groups', value: 'n', summary: `consumer groups carried over; default ${groups}` },
    { name: 'compressed-to', value: 'share', summary: `bytes on the network for each; default ${compressedTo}` },
    { name: 'two-way', summary: 'the same traffic back as well, where no flow back is enabled' },
    { name: 'regions', value: 'source,target', summary: 'default: the flow’s, or us-east-1,us-west-2' },
    { name: 'batching-window-seconds', value: 'n', summary: 'in place of the configuration’s' },
    { name: 'batch-size', value: 'n', summary: 'in place of the configuration’s' },
    { name: 'pollers-mode', value: 'mode', summary: 'provisioned or on-demand, in place of the configuration’s' },
    { name: 'function-memory-mb', value: 'n', summary: 'of replicate, in place of the configuration’s' },
    { name: 'checkpoint-interval-seconds', value: 'n', summary: 'in place of the configuration’s' },
    {
      name: 'handler-cpu-seconds',
      value: 'n',
      summary: 'CPU seconds of replicate for a million records; default as measured, by their size',
    },
    {
      name: 'round-trip-ms',
      value: 'n',
      summary: `between the regions; default ${defaultAssumptions.roundTripMs}`,
    },
    {
      name: 'gather-ms',
      value: 'n',
      summary: `that Lambda gathers records for with a window of 0; default ${defaultAssumptions.gatherMs}`,
    },
    { name: 'peak', value: 'n', summary: `the busiest time, of the mean; default ${defaultAssumptions.peak}` },
    { name: 'connect-units', value: 'n', summary: 'of MirrorMaker 2 on MSK Connect; default by its CPU time' },
    {
      name: 'price',
      value: 'name=usd',
      repeatable: true,
      summary: `of this in place of the table’s: ${Object.keys(PRICES).join(', ')}`,
    },
  ],
  examples: [
    { command: 'causeway cost --tb-per-month 10', does: 'what do the flows of this file cost?' },
    {
      command: 'causeway cost --tb-per-month 2 --topics 500 --partitions 3000 --pollers-mode on-demand',
      does: 'many small topics',
    },
    {
      command: 'causeway cost --tb-per-month 10 --price transferGb=0.09 --two-way --json',
      does: 'both ways, between regions that are dearer, for a program',
    },
  ],
  run: async (context) => costAnswer(costQuestion(context.arguments, await configurationIfAny(context))),
};

export function costAnswer(question: Question): Answer {
  const found = { ...estimate(question), comparisons: compare(question), variants: variantsOf(question) };
  const assumed = assumptionsOf(question);
  const { prices } = question;
  return {
    exitCode: ExitCode.Yes,
    json: {
      ...{ workload: question.workload, settings: question.flows, ...found, assumed, notCounted: NOT_COUNTED },
      prices: Object.fromEntries(
        Object.entries(prices).map(([name, usd]) => [name, { ...priceFacts(name, usd), usd }]),
      ),
    },
    text: (page) => present(page, question, found),
  };
}

/** A price that was given has no source. */
function priceFacts(name: string, usd: number) {
  const listed = Object.entries(PRICES).find(([each]) => each === name)?.[1];
  return listed?.usd === usd ? listed : { per: listed?.per, from: 'given' };
}

/** Only a file that nobody named may be missing. */
async function configurationIfAny({
  arguments: args,
  configuration,
}: CommandContext): Promise<LoadedConfiguration | undefined> {
  const isNamed = args.text('config') !== undefined || args.text('run') !== undefined;
  try {
    return await configuration('names');
  } catch (error) {
    if (!isNamed && error instanceof ConfigurationFileError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}
