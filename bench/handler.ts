import { parseArgs } from 'node:util';
import { startRegions } from '../local/region/regions.ts';
import { ClusterAdmin } from '../shared/adapters/kafka/admin.ts';
import { KafkaCluster } from '../shared/adapters/kafka/cluster.ts';
import { type CodecName, codecs } from '../shared/records/codec.ts';
import { appendPath, type OpenPath } from './append-path.ts';
import { eventTexts, type ValueKind } from './events.ts';
import { replicatePath } from './replicate-path.ts';

/** CPU seconds per million records that are allowed, by value size in bytes; for values of letters and lz4. */
const BARS: Readonly<Record<number, number>> = { 100: 1.5, 1024: 3.5 };
const PATHS: Readonly<Record<string, OpenPath>> = { replicate: replicatePath, append: appendPath };
const VALUE_KINDS: readonly ValueKind[] = ['letters', 'orders'];
const EVENTS = 20;
const WARM_UP_EVENTS = 12;
const ROUNDS = 5;

export interface HandlerFigures {
  readonly bench: 'handler';
  readonly path: string;
  readonly codec: CodecName;
  readonly sizeBytes: number;
  readonly values: ValueKind;
  readonly records: number;
  /**
   * The lowest of the rounds: whatever else runs on the machine can only add to it. User and system time of this
   * process, garbage collection and compilation included.
   */
  readonly cpuSecondsPerMillion: number;
  readonly rounds: readonly number[];
  readonly recordsPerSecond: number;
  readonly eventMegabytes: number;
  readonly bar: number | undefined;
  readonly node: string;
}

/** @returns whether every figure is within its bar */
export async function handlerBench(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      size: { type: 'string', multiple: true, default: Object.keys(BARS) },
      codec: { type: 'string', default: 'lz4' },
      values: { type: 'string', multiple: true, default: [...VALUE_KINDS] },
      path: { type: 'string', default: 'replicate' },
    },
  });
  const { codec, path } = values;
  if (!isCodec(codec)) throw new RangeError(`--codec ${codec}: expected one of ${Object.keys(codecs).join(', ')}`);
  const open = PATHS[path];
  if (open === undefined) throw new RangeError(`--path ${path}: expected one of ${Object.keys(PATHS).join(', ')}`);

  await using regions = await startRegions({ aws: false, clusters: [{ alias: 'us-west', awsRegion: 'us-west-2' }] });
  const cluster = new KafkaCluster({
    alias: 'us-west',
    bootstrapServers: regions.source.bootstrapServers.split(','),
  });
  let within = true;
  for (const kind of VALUE_KINDS.filter((each) => values.values.includes(each))) {
    for (const size of values.size.map(Number)) {
      const figures = await measure(cluster, open, path, codec, size, kind);
      within &&= figures.bar === undefined || figures.cpuSecondsPerMillion <= figures.bar;
      print(figures, values.json);
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
  const total = WARM_UP_EVENTS + EVENTS * ROUNDS;
  const { texts, records } = eventTexts(topic, total, sizeBytes, kind);
  for (const text of texts.slice(0, WARM_UP_EVENTS)) await handler.handle(text);
  const rounds = [];
  for (let from = WARM_UP_EVENTS; from < total; from += EVENTS) {
    const count = sum(records.slice(from, from + EVENTS));
    const before = process.cpuUsage();
    const startedAt = performance.now();
    for (const text of texts.slice(from, from + EVENTS)) await handler.handle(text);
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(before);
    rounds.push({ cpu: round((user + system) / count), rate: count / seconds });
  }
  await checkAllAppended(cluster, topic, sum(records));
  return {
    bench: 'handler',
    path,
    codec,
    sizeBytes,
    values: kind,
    records: sum(records.slice(WARM_UP_EVENTS)),
    cpuSecondsPerMillion: Math.min(...rounds.map(({ cpu }) => cpu)),
    rounds: rounds.map(({ cpu }) => cpu),
    recordsPerSecond: Math.round(Math.max(...rounds.map(({ rate }) => rate))),
    eventMegabytes: round((texts[0]?.length ?? 0) / 1e6),
    bar: kind === 'letters' && codec === 'lz4' ? BARS[sizeBytes] : undefined,
    node: process.version,
  };
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
  const { sizeBytes, values, codec, cpuSecondsPerMillion, recordsPerSecond, records, bar } = figures;
  const judged = bar === undefined ? '' : ` (bar ${bar}: ${cpuSecondsPerMillion <= bar ? 'kept' : 'MISSED'})`;
  console.log(
    `${sizeBytes} B of ${values}, ${codec}: ${cpuSecondsPerMillion.toFixed(2)} CPU s per million records${judged}, ` +
      `${recordsPerSecond.toLocaleString('en')} records/s, ${records.toLocaleString('en')} records`,
  );
}

function isCodec(name: string): name is CodecName {
  return Object.hasOwn(codecs, name);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
