import { setTimeout as wait } from 'node:timers/promises';
import type { KafkaCluster } from '../../../adapters/kafka/cluster.ts';
import { KafkaRequestError } from '../../../adapters/kafka/errors.ts';
import { KafkaTargetLog } from '../../../adapters/kafka/target-log.ts';
import { send } from '../../../append/send.ts';
import type { FlowId } from '../../../flow/flow.ts';
import type { Written } from '../../../ledger/repair/ports.ts';
import type { Producer } from '../../../offsets/head.ts';
import { advanceSequence } from '../../../offsets/sequence.ts';
import type { BatchEncoder } from '../../../records/batch.ts';
import type { KafkaRecord } from '../../../records/record.ts';

/** Long enough for a partition to get another leader. */
const PATIENCE_MS = 60_000;
const CLOCK = { now: Date.now, wait: (ms: number) => wait(ms) };
/** Broker's answers that say something of one record, and nothing of the next. */
const OF_THE_RECORD = new Set(['INVALID_TIMESTAMP', 'INVALID_RECORD']);

interface Open {
  readonly log: KafkaTargetLog;
  readonly producer: Producer;
  nextSequence: number;
}

/**
 * Appends records one at a time, idempotent and acknowledged by all in-sync replicas. Each partition has a producer of its
 * own, and a later call takes over its id: what an earlier one still sends is refused from its first record on.
 */
export class DestinationWriter {
  readonly #connect: () => Promise<KafkaCluster>;
  readonly #flow: FlowId;
  readonly #encoder: BatchEncoder;
  readonly #open = new Map<string, Open>();

  constructor(connect: () => Promise<KafkaCluster>, flow: FlowId, encoder: BatchEncoder) {
    this.#connect = connect;
    this.#flow = flow;
    this.#encoder = encoder;
  }

  /** @throws CausewayError when the cluster takes no record at all */
  async write(topic: string, partition: number, record: KafkaRecord): Promise<Written> {
    const to = await this.#opened(topic, partition);
    const chunk = { records: [record], sequence: to.nextSequence };
    const { acknowledged, end } = await send(to.log, to.producer, [chunk], CLOCK, {
      ...{ window: 1, resend: true, deadline: CLOCK.now() + PATIENCE_MS },
      onRetry: () => {},
    });
    const [first] = acknowledged;
    if (first !== undefined) {
      to.nextSequence = advanceSequence(to.nextSequence, 1);
      return { kind: 'appended', offset: first.base };
    }
    switch (end.kind) {
      case 'too-large':
        return { kind: 'too-large' };
      case 'failed':
        if (!(end.error instanceof KafkaRequestError) || !OF_THE_RECORD.has(end.error.reason ?? '')) throw end.error;
        return { kind: 'refused', because: end.error.message };
      case 'refused':
      case 'unknown':
        return { kind: 'unknown', because: end.reason };
      default:
        return { kind: 'unknown', because: 'time ran out' };
    }
  }

  async #opened(topic: string, partition: number): Promise<Open> {
    const name = `${topic}-${partition}`;
    const known = this.#open.get(name);
    if (known !== undefined) return known;
    const { source, target } = this.#flow;
    const log = new KafkaTargetLog(await this.#connect(), {
      ...{ topic, partition, encoder: this.#encoder },
      transactionalId: `causeway-repair.${source}.${target}.${topic}.${partition}`,
      // The sizes are for who plans: the broker decides.
      maxMessageBytes: Number.POSITIVE_INFINITY,
    });
    const opened = { log, producer: await log.initProducer(), nextSequence: 0 };
    this.#open.set(name, opened);
    return opened;
  }
}
