import { DynamoDbFlowRegistry } from '../../../shared/adapters/dynamodb/runbook/flow-registry.ts';
import { ConsumerGroups } from '../../../shared/adapters/kafka/groups/consumer-groups.ts';
import { appendTo } from '../../../shared/adapters/kafka/mirror-topics/append-to.ts';
import { targetOffset } from '../../../shared/flow/offset.ts';
import { isTold } from '../../../shared/groups/committed-offsets.ts';
import type { OffsetToCommit } from '../../../shared/groups/ports.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { codecs } from '../../../shared/records/codec.ts';
import { Registry } from '../../../shared/runbook/registry/registry.ts';
import { eventually } from '../kafka/target.ts';
import { newRecords } from './new-records.ts';
import type { Pair } from './pair.ts';
import { PARTITIONS, type Site } from './pair-flow.ts';

const ENCODER = new BatchEncoder({ codec: codecs.none });
const READ_ALL_MS = 30_000;
const ALL = Number.POSITIVE_INFINITY;

/** Where a record was written first, and which one it is there. */
interface Origin {
  readonly site: Site;
  readonly partition: number;
}

/**
 * What users have: producers and two consumer groups that follow the registry, one of which lags behind. Groups read on
 * the active cluster what was written there and what was copied there. Each record bears where it was written and its
 * number, and each group knows which it expects.
 */
export class Applications {
  /** Groups may go on at an earlier record than the next, as after an emergency. */
  mayReadTwice = false;
  readTwice = 0;
  readonly #pair: Pair;
  readonly #registry: Registry;
  readonly #groups: Readonly<Record<'prompt' | 'slow', string>>;
  readonly #written = new Map<string, number>();
  /** By group and origin: the number of the record that it expects. */
  readonly #next = new Map<string, number>();
  #turns: Promise<void> = Promise.resolve();

  constructor(pair: Pair) {
    const { parts, flow, east } = pair;
    this.#pair = pair;
    const entries = new DynamoDbFlowRegistry(parts.dynamoDb.client, parts.registryTable, flow);
    this.#registry = new Registry({ flow, entries });
    this.#groups = { prompt: `${east.alias}-billing`, slow: `${east.alias}-audit` };
  }

  get groups(): readonly string[] {
    return Object.values(this.#groups);
  }

  get registry(): Registry {
    return this.#registry;
  }

  /** A little of what they do all the time; once at a time, though two runbooks go on. */
  turn(): Promise<void> {
    this.#turns = this.#turns.then(async () => {
      await this.write();
      await this.#consume(this.#groups.prompt, ALL);
      await this.#consume(this.#groups.slow, 1);
    });
    return this.#turns;
  }

  /** A record to each partition, unless producers are to hold. */
  async write(): Promise<void> {
    const { active, clients } = await this.#registry.entry();
    if (clients === 'serving') await this.writeAt(this.#siteOf(active));
  }

  /** Whoever tells them to. */
  async writeAt(site: Site): Promise<void> {
    const { topic, there, back } = this.#pair;
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const key = keyOf({ site, partition });
      const number = this.#written.get(key) ?? 0;
      const record = { key: Buffer.from(key), value: Buffer.from(`${key}/${number}`), timestamp: Date.now() };
      await appendTo(site.cluster, { topic, partition, signal: undefined }, [record], ENCODER);
      this.#written.set(key, number + 1);
    }
    for (const { source } of [there, back]) source.wake();
  }

  /** Every group reads all that was ever written, as it arrives. @throws Error for a record that is lost, foreign or out of order */
  async readAll(): Promise<void> {
    for (const { source } of [this.#pair.there, this.#pair.back]) source.wake();
    const left = () =>
      this.groups.flatMap((group) =>
        [...this.#written].filter(([key, written]) => (this.#next.get(`${group} ${key}`) ?? 0) < written),
      ).length;
    await eventually(
      async () => {
        for (const group of this.groups) await this.#consume(group, ALL);
        return left();
      },
      (count) => count === 0,
      READ_ALL_MS,
    );
  }

  async #consume(group: string, most: number): Promise<void> {
    const { active, clients } = await this.#registry.entry();
    if (clients === 'clients-fenced') return;
    const site = this.#siteOf(active);
    const groups = new ConsumerGroups(site.cluster, { toOffset: Number });
    const told = (await groups.committed([group])).get(group);
    const offsets: OffsetToCommit[] = [];
    for (const origin of this.#origins()) {
      const { partition } = origin;
      const topic = this.#topicAt(site, origin);
      const committed = told && isTold(told) ? told.get(topic)?.get(partition) : undefined;
      const from = committed && isTold(committed) ? committed.offset : 0;
      const records = (await newRecords(site.cluster, { topic, partition }, from)).slice(0, most);
      for (const { value, offset } of records)
        this.#read(group, origin, value ?? '', `${site.alias} ${topic}-${partition} offset ${offset}`);
      const last = records.at(-1);
      if (last) offsets.push({ topic, partition, offset: targetOffset(last.offset + 1), metadata: '' });
    }
    if (offsets.length === 0) return;
    // On a cluster that has had no group yet no broker coordinates any.
    await eventually(
      async () => (await groups.commit(new Map([[group, offsets]]))).get(group) ?? [],
      (outcomes) => outcomes.every(({ kind }) => kind === 'committed'),
    );
  }

  #read(group: string, origin: Origin, value: string, place: string): void {
    const key = keyOf(origin);
    const expected = this.#next.get(`${group} ${key}`) ?? 0;
    const text = Buffer.from(value, 'base64').toString();
    const number = Number(text.split('/').at(-1));
    const again = this.mayReadTwice && number < expected;
    if (text !== `${key}/${number}` || (number !== expected && !again))
      throw new Error(`${group} read ${text} at ${place}, and expected ${key}/${expected}`);
    if (again) this.readTwice++;
    else this.#next.set(`${group} ${key}`, number + 1);
  }

  #origins(): Origin[] {
    const { east, west } = this.#pair;
    const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
    return [east, west].flatMap((site) => partitions.map((partition) => ({ site, partition })));
  }

  #topicAt(site: Site, origin: Origin): string {
    const { topic } = this.#pair;
    return origin.site === site ? topic : `${origin.site.alias}.${topic}`;
  }

  #siteOf(alias: string): Site {
    const { east, west } = this.#pair;
    return alias === east.alias ? east : west;
  }
}

/** `east-1a2b/0` */
function keyOf({ site, partition }: Origin): string {
  return `${site.alias}/${partition}`;
}
