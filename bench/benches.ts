import { UsageError } from '../shared/cli/errors.ts';
import { type Field, fields, UNSTYLED } from '../shared/cli/terminal/page.ts';
import { nearest } from '../shared/config/nearest.ts';
import { type BenchArguments, type BenchOption, writtenOption } from './arguments.ts';

/** @returns whether what was measured is as it has to be */
export type Bench = (args: BenchArguments) => Promise<boolean>;

export interface BenchRow {
  readonly name: string;
  readonly does: string;
  readonly options: readonly BenchOption[];
  /** On use: what it is made of takes a while to load. */
  readonly load: () => Promise<Bench>;
}

const SEED: BenchOption = { name: 'seed', value: 'n', otherwise: ['0'], summary: 'the first, or only, random seed' };
const RATE: BenchOption = {
  ...{ name: 'rate', value: 'n', otherwise: ['2000'] },
  summary: 'records a second, of three topics together',
};
const STARTED_BY: BenchOption = {
  ...{ name: 'by', value: 'who', otherwise: ['person'] },
  summary: 'starts the failover: a person, at once, or the alarm on two minutes without a heartbeat',
};
const CONSUMERS: BenchOption = {
  ...{ name: 'consumers', value: 'kind', otherwise: ['clients'] },
  summary: 'clients: four groups of createFailoverKafka; lambda: one of these, and functions of a user’s own',
};
const WATCH: BenchOption = {
  ...{ name: 'watch', value: 'seconds', otherwise: ['30'] },
  summary: 'between the two looks of watch-lag, which are not counted',
};
const OF_SCENES: readonly BenchOption[] = [
  { name: 'records', value: 'n', otherwise: ['1000000'], summary: 'written to the topic, about' },
  SEED,
];

export const BENCHES: readonly BenchRow[] = [
  {
    name: 'handler',
    does: 'CPU seconds per million records, from Lambda event text to acknowledgement.',
    options: [
      { name: 'size', value: 'bytes', repeatable: true, otherwise: ['100', '1024'], summary: 'of values' },
      { name: 'codec', value: 'name', otherwise: ['lz4'], summary: 'of the batches that are appended' },
      {
        ...{ name: 'values', value: 'kind', repeatable: true, otherwise: ['letters', 'orders'] },
        summary: 'what values are made of',
      },
      { name: 'path', value: 'name', otherwise: ['replicate'], summary: 'replicate, or append without the offset map' },
    ],
    load: async () => (await import('./handler.ts')).handlerBench,
  },
  {
    name: 'checkpoint',
    does: 'Ticks of hundreds of groups on real clusters, requests counted.',
    options: [
      { name: 'groups', value: 'n', otherwise: ['500'], summary: 'consumer groups' },
      { name: 'partitions', value: 'n', otherwise: ['2000'], summary: 'of all topics together' },
      { name: 'each', value: 'n', otherwise: ['4'], summary: 'partitions that a group has committed' },
    ],
    load: async () => (await import('./checkpoint.ts')).checkpointBench,
  },
  {
    name: 'status',
    does: 'How long causeway status takes of hundreds of topics, from its start to its end.',
    options: [
      { name: 'topics', value: 'n', otherwise: ['500'], summary: 'replicated' },
      { name: 'partitions', value: 'n', otherwise: ['6'], summary: 'of each topic' },
      { name: 'groups', value: 'n', otherwise: ['50'], summary: 'consumer groups' },
      { name: 'runs', value: 'n', otherwise: ['5'], summary: 'of each scene' },
      { name: 'rtt', value: 'ms', otherwise: ['0'], summary: 'how far away brokers and table are, there and back' },
    ],
    load: async () => (await import('./status.ts')).statusBench,
  },
  {
    name: 'verify',
    does: 'verify over a topic with one flipped bit, one record missing, one too many, two in the wrong order.',
    options: [
      {
        name: 'by',
        value: 'what',
        otherwise: ['command'],
        summary: 'compares: the command, or (schedule) the function that one calls',
      },
      { name: 'records', value: 'n', otherwise: ['10000000'], summary: 'of four partitions together' },
      { name: 'size', value: 'bytes', otherwise: ['100'], summary: 'of values' },
      SEED,
    ],
    load: async () => (await import('./verify.ts')).verifyBench,
  },
  {
    name: 'lag',
    does: 'What status says of the lag against what both logs hold: keeping up, standing still, catching up, at rest.',
    options: [
      { name: 'rate', value: 'n', otherwise: ['2000'], summary: 'records a second' },
      { name: 'seconds', value: 'n', otherwise: ['15'], summary: 'of each phase but the last' },
    ],
    load: async () => (await import('./lag.ts')).lagBench,
  },
  {
    name: 'exactly-once',
    does: 'Randomised schedules on real brokers, judged record for record.',
    options: [
      { name: 'schedules', value: 'n', otherwise: ['500'], summary: 'how many; 1 plays that of a seed again' },
      SEED,
      { name: 'step', value: 'n', otherwise: ['1'], summary: 'from one seed to the next' },
    ],
    load: async () => (await import('./exactly-once.ts')).exactlyOnceBench,
  },
  {
    name: 'move-applications',
    does: 'Switchovers and failbacks of applications under load, record by record, by the deployed runbooks.',
    options: [{ name: 'rounds', value: 'n', otherwise: ['10'], summary: 'there and back' }, RATE, CONSUMERS, WATCH],
    load: async () => (await import('./move-applications.ts')).moveApplicationsBench,
  },
  {
    name: 'drill',
    does: 'A drill while applications write and read: groups before and after it, record by record, and its report.',
    options: [RATE],
    load: async () => (await import('./drill.ts')).drillBench,
  },
  {
    name: 'lose-region',
    does: 'All brokers of a region killed under load: applications moved by the deployed failover, and what was lost.',
    options: [RATE, CONSUMERS, STARTED_BY],
    load: async () => (await import('./lose-region.ts')).loseRegionBench,
  },
  {
    name: 'runbook-faults',
    does: 'The deployed runbooks stopped and their function killed at each stage, while applications write and read.',
    options: [
      { name: 'rate', value: 'n', otherwise: ['200'], summary: 'records a second, of three topics together' },
      { name: 'every', value: 'n', otherwise: ['1'], summary: 'disturb every so many-th stage' },
    ],
    load: async () => (await import('./runbook-faults.ts')).runbookFaultsBench,
  },
  {
    name: 'unrouted-producer',
    does: 'Moves while somebody goes on writing who does not follow the registry.',
    options: [
      RATE,
      {
        ...{ name: 'fence', value: 'how', otherwise: ['registry'] },
        summary: 'registry: a switchover, which is undone; acls: brokers refuse them, a switchover and a failback',
      },
    ],
    load: async () => (await import('./unrouted-producer.ts')).unroutedProducerBench,
  },
  {
    name: 'simulate',
    does: 'The protocol’s real code under 2.6 million simulated schedules; no brokers.',
    options: [
      { name: 'seeds', value: 'n', otherwise: ['50000'], summary: 'of each scenario' },
      SEED,
      { name: 'workers', value: 'n', otherwise: ['2'], summary: 'threads' },
    ],
    load: async () => (await import('./simulate.ts')).simulateBench,
  },
  {
    name: 'translation',
    does: 'Groups anywhere in a topic with gaps, moved to the target and back: what they read first.',
    options: OF_SCENES,
    load: async () => (await import('./translation.ts')).translationBench,
  },
  {
    name: 'against-mm2',
    does: 'The same by MirrorMaker 2 beside it, run here: records skipped and read twice by each.',
    options: OF_SCENES,
    load: async () => (await import('./against-mm2.ts')).againstMirrorMakerBench,
  },
];

/** @throws UsageError */
export function benchOf(name: string | undefined): BenchRow {
  const names = BENCHES.map((row) => row.name);
  const next = `One of: ${names.join(', ')}.`;
  if (name === undefined) throw new UsageError('no bench was named', next);
  const row = BENCHES.find((each) => each.name === name);
  if (row !== undefined) return row;
  const near = nearest(name, names);
  throw new UsageError(`there is no bench ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, next);
}

/** What `--help` answers where no bench is named. */
export function overview(): string {
  const rows = BENCHES.map(({ name, does }): Field => ({ label: name, lines: [{ whole: does }] }));
  return `Usage: npm run bench -- <bench> [<options>]\n\n${fields(UNSTYLED, rows)}\n\nnpm run bench -- <bench> --help shows its options.`;
}

export function benchHelp({ name, does }: BenchRow, options: readonly BenchOption[]): string {
  const rows = options.map((option): Field => {
    const { summary, repeatable = false, otherwise } = option;
    const told = otherwise === undefined ? summary : `${summary}; default ${otherwise.join(' and ')}`;
    return { label: writtenOption(option), lines: [{ whole: repeatable ? `${told}; may be repeated` : told }] };
  });
  return `Usage: npm run bench -- ${name} [<options>]\n\n${does}\n\n${fields(UNSTYLED, rows)}`;
}
