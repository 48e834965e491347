import { afterAll, describe, expect, inject, test } from 'vitest';
import type { BrokerProducer, LogScan, TargetLog } from '../../../shared/append/ports.ts';
import type { Producer } from '../../../shared/offsets/head.ts';
import { advanceSequence } from '../../../shared/offsets/sequence.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { SeededChoices } from '../../simulator/choices.ts';
import { Coordinator } from '../../simulator/coordinator.ts';
import { TargetPartition } from '../../simulator/target-partition.ts';
import {
  connect,
  createTopic,
  describeBatch,
  eventually,
  inAWord,
  logOf,
  recordsFrom,
  START,
} from '../kafka/target.ts';

const PROGRAMS = 30;
const REQUESTS = 40;
const LAST_SEQUENCE = 0x7fffffff;
const LAST_EPOCH = 32_766;

const { bootstrapServers } = inject('regions').clusters[1] ?? { bootstrapServers: '' };
const cluster = connect(bootstrapServers);

afterAll(() => cluster.close());

/** Two partitions that are asked the same: a real one, and the simulator's. */
class Pair {
  readonly partition = new TargetPartition();
  readonly #logs: readonly TargetLog<KafkaRecord>[];
  readonly #coordinators: readonly Coordinator[];
  /** The simulator's producer ids count from 1 for each transactional id; these are the broker's. */
  readonly #simulatedIds = new Map<bigint, bigint>();
  #offset = 0;

  constructor(topic: string, transactionalIds: number) {
    const ids = Array.from({ length: transactionalIds }, (_, i) => i);
    this.#logs = ids.map((id) => logOf(cluster, topic, { transactionalId: `causeway-${topic}-${id}` }));
    this.#coordinators = ids.map(() => new Coordinator(this.partition, LAST_EPOCH));
  }

  get logs(): number {
    return this.#logs.length;
  }

  async init(id: number): Promise<{ real: Producer; answers: [string, string] }> {
    const [log, coordinator] = this.#of(id);
    const real = await log.initProducer();
    const simulated = coordinator.initProducer();
    if (!simulated) throw new Error('the simulated coordinator has an open transaction');
    this.#simulatedIds.set(real.producerId, simulated.producerId + BigInt(id) * 1_000n);
    return { real, answers: [`epoch ${real.epoch}`, `epoch ${simulated.epoch}`] };
  }

  async append(producer: Producer, firstSequence: number, count: number): Promise<[string, string]> {
    const [log] = this.#of(0);
    const records = recordsFrom(this.#offset, count);
    const ids = records.map(({ offset }) => offset);
    this.#offset += count;
    // A broker that has not heard of the topic yet leaves it open; sent again, a batch that has landed is told where.
    const send = async () => inAWord(await log.append(producer, firstSequence, records));
    const real = await eventually(send, (answer) => answer !== 'unknown');
    const batch = { producer: this.#simulated(producer), baseSequence: firstSequence, ids, timestamp: Date.now() };
    const result = this.partition.produce(batch);
    this.partition.replicate();
    const landed = result.kind === 'appended' || result.kind === 'duplicate';
    return [real, landed ? `appended@${result.base}` : result.kind];
  }

  async mark(id: number, producer: Producer): Promise<[string, string]> {
    const [log, coordinator] = this.#of(id);
    const real = await log.requestMarker(producer);
    const own = {
      ...this.#simulated(producer),
      producerId: this.#simulated(producer).producerId - BigInt(id) * 1_000n,
    };
    const begun = coordinator.begin(own);
    if (begun === 'begun' && coordinator.end(own) === 'ended') {
      coordinator.pending = undefined;
      this.partition.mark(this.#simulated(producer), Date.now());
      this.partition.replicate();
    }
    if (real === 'requested') {
      await eventually(
        () => log.scan(START),
        ({ highWatermark }) => highWatermark >= this.partition.logEnd,
      );
    }
    return [real, begun === 'begun' ? 'requested' : begun];
  }

  async describe(producer: Producer): Promise<[string, string]> {
    const [log] = this.#of(0);
    const real = await log.describeProducer(producer.producerId);
    return [inWords(real), inWords(this.partition.describe(this.#simulated(producer).producerId))];
  }

  async scan(): Promise<[string, string]> {
    const [log] = this.#of(0);
    return [batchesOf(await log.scan(START)), batchesOf(this.partition.scan(START))];
  }

  #simulated({ producerId, epoch }: Producer): Producer {
    return { producerId: this.#simulatedIds.get(producerId) ?? 0n, epoch };
  }

  #of(id: number): [TargetLog<KafkaRecord>, Coordinator] {
    const [log, coordinator] = [this.#logs[id], this.#coordinators[id]];
    if (!log || !coordinator) throw new RangeError(`no transactional id ${id}`);
    return [log, coordinator];
  }
}

function inWords(producer: BrokerProducer | undefined): string {
  return producer ? `epoch ${producer.epoch}, last sequence ${producer.lastSequence}` : 'unknown';
}

function batchesOf({ batches, highWatermark }: LogScan): string {
  return [...batches.map(describeBatch), `high watermark ${highWatermark}`].join(', ');
}

interface Known {
  readonly id: number;
  current: Producer;
  next: number;
  lastCount: number;
  /**
   * The partition has a higher epoch than the coordinator gave out. No code of ours sends one, and the coordinator of Kafka
   * 4.1 never gets over the refusal of its marker: it answers CONCURRENT_TRANSACTIONS from then on.
   */
  isAhead: boolean;
}

/** A program of requests by seed; every answer of the broker is compared with the simulator's. */
async function runProgram(seed: number): Promise<string[]> {
  const choices = new SeededChoices(seed);
  const one = (of: number) => choices.pick(Array.from({ length: of }, () => 1));
  const pair = new Pair(await createTopic(cluster), 2);
  const known: Known[] = [];
  const differences: string[] = [];
  const compare = (what: string, [real, simulated]: [string, string]) => {
    if (real !== simulated) differences.push(`seed ${seed}: ${what}: broker ${real}, simulator ${simulated}`);
    return real;
  };
  for (let id = 0; id < pair.logs; id++) {
    const { real, answers } = await pair.init(id);
    compare('InitProducerId', answers);
    known.push({ id, current: real, next: one(3) === 0 ? LAST_SEQUENCE - 1 : one(3), lastCount: 1, isAhead: false });
  }
  for (let i = 0; i < REQUESTS && differences.length === 0; i++) {
    const producer = known[one(known.length)];
    if (!producer) break;
    const { current } = producer;
    switch (choices.pick([10, 2, 2, 1, 1])) {
      case 0: {
        const epoch = Math.max(0, current.epoch + ([0, 0, 0, 0, -1, 1][one(6)] ?? 0));
        const sequence = advanceSequence(producer.next, [0, 0, 0, -producer.lastCount, 1, -1][one(6)] ?? 0);
        const count = 1 + one(3);
        const first = one(8) === 0 ? 0 : sequence;
        const answer = await pair.append({ ...current, epoch }, first, count);
        const what = `append ${count} at ${first} of ${current.producerId}/${epoch}`;
        if (!compare(what, answer).startsWith('appended')) break;
        producer.next = advanceSequence(first, count);
        producer.lastCount = count;
        producer.isAhead ||= epoch > current.epoch;
        break;
      }
      case 1: {
        const { real, answers } = await pair.init(producer.id);
        compare('InitProducerId', answers);
        producer.current = real;
        break;
      }
      case 2: {
        if (producer.isAhead) break;
        const epoch = Math.max(0, current.epoch - (one(4) === 0 ? 1 : 0));
        const real = compare(
          `marker of ${current.producerId}/${epoch}`,
          await pair.mark(producer.id, { ...current, epoch }),
        );
        if (real === 'requested') producer.next = 0;
        break;
      }
      case 3:
        compare(`describe ${current.producerId}`, await pair.describe(current));
        break;
      default:
        compare('scan', await pair.scan());
    }
  }
  if (differences.length === 0) compare('scan', await pair.scan());
  for (const { current } of known) if (differences.length === 0) compare('describe', await pair.describe(current));
  return differences;
}

describe('the simulated broker answers as a real one does', () => {
  const seeds = Array.from({ length: PROGRAMS }, (_, i) => i);

  test.each(seeds)('to the program of seed %i', async (seed) => {
    expect(await runProgram(seed)).toEqual([]);
  });
});
