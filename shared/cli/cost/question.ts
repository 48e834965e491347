import type { Question } from '../../cost/estimate.ts';
import { isPriceName, PRICES, type PriceName, pricesWith } from '../../cost/prices.ts';
import {
  type Assumptions,
  defaultAssumptions,
  defaultSettings,
  defaultWorkload,
  type FlowSettings,
  type Workload,
} from '../../cost/workload.ts';
import type { Arguments } from '../arguments.ts';
import type { LoadedConfiguration } from '../configuration-file.ts';
import { enabledFlows } from '../enabled-flows.ts';
import { UsageError } from '../errors.ts';
import { reversed, settingsOf } from './settings.ts';

const HELP = 'causeway cost --help shows all options.';

/**
 * What the command line asks, of the flows of the configuration; without one, of a flow with all defaults.
 * @throws UsageError, FlowNotEnabledError
 */
export function costQuestion(args: Arguments, loaded: LoadedConfiguration | undefined): Question {
  if (args.positionals.length > 0)
    throw new UsageError(`cost takes no ${args.positionals.join(' ')}`, 'A flow is named with --flow.');
  const workload = workloadIn(args);
  const flows = flowsIn(args, loaded, workload.topics).map((flow) => changed(flow, args));
  return { workload, flows: bothWays(flows, args), assumptions: assumptionsIn(args), prices: pricesIn(args) };
}

function workloadIn(args: Arguments): Workload {
  if (args.text('tb-per-month') === undefined)
    throw new UsageError('how much is copied is not given', `Add --tb-per-month <n>, of each flow. ${HELP}`);
  const topics = whole(args, 'topics', defaultWorkload.topics);
  const workload = {
    tbPerMonth: number(args, 'tb-per-month', 0, 0),
    recordBytes: whole(args, 'record-bytes', defaultWorkload.recordBytes),
    topics,
    partitions: whole(args, 'partitions', Math.max(topics, defaultWorkload.partitions)),
    groups: whole(args, 'groups', defaultWorkload.groups, 0),
    compressedTo: number(args, 'compressed-to', defaultWorkload.compressedTo),
  };
  if (workload.partitions < topics)
    throw new UsageError(`${workload.partitions} partitions are fewer than ${topics} topics`, 'Each topic has one.');
  return workload;
}

function assumptionsIn(args: Arguments): Assumptions {
  const given = (option: string) => args.text(option) !== undefined;
  return {
    handlerCpuSeconds: given('handler-cpu-seconds') ? number(args, 'handler-cpu-seconds', 0) : undefined,
    roundTripMs: number(args, 'round-trip-ms', defaultAssumptions.roundTripMs, 0),
    gatherMs: number(args, 'gather-ms', defaultAssumptions.gatherMs),
    peak: number(args, 'peak', defaultAssumptions.peak, 1),
    connectUnits: given('connect-units') ? whole(args, 'connect-units', 1) : undefined,
  };
}

function flowsIn(args: Arguments, loaded: LoadedConfiguration | undefined, topics: number): readonly FlowSettings[] {
  if (loaded !== undefined)
    return enabledFlows(args.text('flow'), loaded).map((flow) => settingsOf(flow, loaded.configuration, topics));
  if (args.text('flow') !== undefined)
    throw new UsageError('--flow names a flow of a configuration, and there is none', HELP);
  const [sourceRegion, targetRegion] = regionsIn(args) ?? [defaultSettings.sourceRegion, defaultSettings.targetRegion];
  return [{ ...defaultSettings, flow: `${sourceRegion}->${targetRegion}`, topicsMeasured: topics }];
}

/** Options stand above the configuration. */
function changed(flow: FlowSettings, args: Arguments): FlowSettings {
  const [sourceRegion, targetRegion] = regionsIn(args) ?? [flow.sourceRegion, flow.targetRegion];
  const checkpoints = flow.checkpointSeconds;
  return {
    ...flow,
    sourceRegion,
    targetRegion,
    batchSize: whole(args, 'batch-size', flow.batchSize),
    batchingWindowSeconds: whole(args, 'batching-window-seconds', flow.batchingWindowSeconds, 0),
    minimumPollers: pollersIn(args, flow.minimumPollers),
    replicateMemoryMb: whole(args, 'function-memory-mb', flow.replicateMemoryMb),
    checkpointSeconds: checkpoints && whole(args, 'checkpoint-interval-seconds', checkpoints),
    topicsMeasured: whole(args, 'topics-measured', flow.topicsMeasured, 0),
  };
}

function pollersIn(args: Arguments, minimum: number | undefined): number | undefined {
  const mode = args.text('pollers-mode');
  if (mode === undefined) return minimum;
  if (mode === 'on-demand') return undefined;
  if (mode === 'provisioned') return minimum ?? defaultSettings.minimumPollers;
  throw new UsageError(`--pollers-mode ${mode} is neither provisioned nor on-demand`, HELP);
}

/** A flow that has one back already stands beside it. */
function bothWays(flows: readonly FlowSettings[], args: Arguments): readonly FlowSettings[] {
  if (!args.flag('two-way')) return flows;
  return flows.flatMap((flow) => {
    if (flow.failback) return [flow];
    return [{ ...flow, heartbeatsBack: false, failback: true }, reversed(flow)];
  });
}

function regionsIn(args: Arguments): readonly [string, string] | undefined {
  const text = args.text('regions');
  if (text === undefined) return undefined;
  const [source = '', target = '', ...more] = text.split(',').map((region) => region.trim());
  if (source === '' || target === '' || more.length > 0)
    throw new UsageError(`--regions ${text} are not two regions`, 'Write --regions us-east-1,us-west-2.');
  return [source, target];
}

function pricesIn(args: Arguments) {
  const given = new Map<PriceName, number>();
  for (const text of args.texts('price')) {
    const [name = '', usd = ''] = text.split('=');
    if (!isPriceName(name) || !isNumber(usd))
      throw new UsageError(`--price ${text} is no price`, `Write name=dollars, of: ${Object.keys(PRICES).join(', ')}.`);
    given.set(name, Number(usd));
  }
  return pricesWith(given);
}

function whole(args: Arguments, option: string, otherwise: number, least = 1): number {
  const value = number(args, option, otherwise, least);
  if (Number.isSafeInteger(value)) return value;
  throw new UsageError(`--${option} ${value} is no whole number`, HELP);
}

/** @param least undefined: more than 0 */
function number(args: Arguments, option: string, otherwise: number, least?: number): number {
  const text = args.text(option);
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (isNumber(text) && (least === undefined ? value > 0 : value >= least)) return value;
  throw new UsageError(
    `--${option} ${text} is no number ${least === undefined ? 'above 0' : `from ${least}`}`,
    `Digits with a decimal point. ${HELP}`,
  );
}

function isNumber(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text);
}
