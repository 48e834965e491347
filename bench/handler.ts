import { startRegions } from '../local/region/regions.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { type CodecName, codecs } from '../shared/records/codec.ts';
import { appendPath, type OpenPath } from './append-path.ts';
import type { BenchArguments } from './arguments.ts';
import { collectGarbage } from './collect-garbage.ts';
import { type EventText, eventTexts, type ValueKind } from './events.ts';
import { replicatePath } from './replicate-path.ts';

/** CPU seconds per million records that are allowed, by value size in bytes; for values of letters and lz4. */
const BARS: Readonly<Record<number, number>> = { 100: 1.5, 1024: 3.5 };
const PATHS = { replicate: replicatePath, append: appendPath } as const satisfies Readonly<Record<string, OpenPath>>;
const PATH_NAMES = ['replicate', 'append'] as const satisfies readonly (keyof typeof PATHS)[];
const CODEC_NAMES = Object.values(codecs).map(({ name }) => name);
const VALUE_KINDS: readonly ValueKind[] = ['letters', 'orders'];
/** In a round: some 60 MB of text at 100 B, enough for every kind of garbage collection. */
const EVENTS = 20;
const WARM_UP_EVENTS = 12;
const ROUNDS = 8;

const HOW_IT_IS_MEASURED =
  `From the event's text, JSON.parse included, to a broker's acknowledgement with acks=all; HEAD in memory, one partition.\n` +
  `User and system CPU time of all threads of the process; the lowest of ${ROUNDS} rounds of ${EVENTS} events of up to 10,000 records or 6 MB.\n` +
  'letters repeat much of their neighbours and stand for the bars; orders are JSON of which half varies.\n';

export interface HandlerFigures {
  readonly bench: 'handler';
  readonly path: string;
  readonly codec: CodecName;
  readonly sizeBytes: number;
  readonly values: ValueKind;
  readonly records: number;
  /**
   * The lowest of the rounds: whatever else runs on the machine can only add to it. User and system time of this
   * process, all of its threads, garbage collection and compilation included.
   */
  readonly cpuSecondsPerMillion: number;
  /** JSON.parse of the same texts alone, which Lambda's runtime does before a handler sees them. */
  readonly parsingAlone: number;
  readonly rounds: readonly number[];
  readonly recordsPerSecond: number;
  readonly eventMegabytes: number;
  readonly bar: number | undefined;
  readonly node: string;
}

/** @returns whether every figure is within its bar */
export async function handlerBench(args: BenchArguments): Promise<boolean> {
  const codec = args.choice('codec', CODEC_NAMES);
  const path = args.choice('path', PATH_NAMES);
  const kinds = args.choices('values', VALUE_KINDS);
  const sizes = args.wholes('size', 1);
  const json = args.flag('json');

  await using regions = await startRegions({ aws: false, clusters: [{ alias: 'us-west', awsRegion: 'us-west-2' }] });
  const cluster = new KafkaCluster({
    alias: 'us-west',
    bootstrapServers: regions.source.bootstrapServers.split(','),
  });
  let within = true;
  if (!json) console.log(HOW_IT_IS_MEASURED);
  for (const kind of VALUE_KINDS.filter((each) => kinds.includes(each))) {
    for (const size of sizes) {
      const figures = await measure(cluster, PATHS[path], path, codec, size, kind);
      within &&= figures.bar === undefined || figures.cpuSecondsPerMillion <= figures.bar;
      print(figures, json);
    }
  }
  await cluster.close();
  return within;
}

async function measure(
  cluster: KafkaCluster,
  open: OpenPath,
  path: string,
  codec: CodecName,
  sizeBytes: number,
  kind: ValueKind,
): Promise<HandlerFigures> {
  const topic = `orders${Date.now().toString(36)}`;
  const handler = await open(cluster, topic, codec);
  const texts = eventTexts(topic, sizeBytes, kind);
  const handleAll = async (events: readonly EventText[]) => {
    for (const { text } of events) await handler.handle(text);
  };
  const parseAll = async (events: readonly EventText[]) => {
    for (const { text } of events) JSON.parse(text);
  };
  const warmUp = take(texts, WARM_UP_EVENTS);
  await handleAll(warmUp);
  const handled: Round[] = [];
  const parsed: Round[] = [];
  while (handled.length < ROUNDS) {
    const events = take(texts, EVENTS);
    handled.push(await timed(events, handleAll));
    parsed.push(await timed(events, parseAll));
  }
  const records = sum(handled.map((round) => round.records));
  await checkAllAppended(cluster, topic, records + sum(warmUp.map((event) => event.records)));
  return {
    bench: 'handler',
    path,
    codec,
    sizeBytes,
    values: kind,
    records,
    cpuSecondsPerMillion: Math.min(...handled.map(({ cpu }) => cpu)),
    parsingAlone: Math.min(...parsed.map(({ cpu }) => cpu)),
    rounds: handled.map(({ cpu }) => cpu),
    recordsPerSecond: Math.round(Math.max(...handled.map(({ rate }) => rate))),
    eventMegabytes: thousandths((warmUp[0]?.text.length ?? 0) / 1e6),
    bar: kind === 'letters' && codec === 'lz4' ? BARS[sizeBytes] : undefined,
    node: process.version,
  };
}

interface Round {
  readonly records: number;
  /** CPU seconds per million records. */
  readonly cpu: number;
  /** Records a second, by the clock. */
  readonly rate: number;
}

async function timed(events: readonly EventText[], work: (events: readonly EventText[]) => Promise<void>) {
  const records = sum(events.map((event) => event.records));
  collectGarbage();
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await work(events);
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { records, cpu: thousandths((user + system) / records), rate: records / seconds };
}

function take(texts: Generator<EventText, never>, count: number): EventText[] {
  return Array.from({ length: count }, () => texts.next().value);
}

/** Cheap ways to be fast do not count. */
async function checkAllAppended(cluster: KafkaCluster, topic: string, expected: number): Promise<void> {
  const ends = await new ClusterAdmin(cluster).logEnds([{ topic, partition: 0 }]);
  const end = ends.get(`${topic}-0`);
  if (end !== expected) throw new Error(`${expected} records were handed over, ${end} are in the log`);
}

function print(figures: HandlerFigures, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(figures));
    return;
  }
  const { sizeBytes, values, codec, cpuSecondsPerMillion, parsingAlone, recordsPerSecond, bar } = figures;
  const judged = bar === undefined ? '' : ` (bar ${bar}: ${cpuSecondsPerMillion <= bar ? 'kept' : 'MISSED'})`;
  console.log(
    `${sizeBytes} B of ${values}, ${codec}: ${cpuSecondsPerMillion.toFixed(2)} CPU s per million records${judged}, ` +
      `JSON.parse alone ${parsingAlone.toFixed(2)}; ${recordsPerSecond.toLocaleString('en')} records/s`,
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
