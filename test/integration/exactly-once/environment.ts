import { setTimeout as delay } from 'node:timers/promises';
import type { ClusterAddress } from '../../../local/region/addresses.ts';
import { KafkaCluster } from '../../../shared/adapters/kafka/cluster.ts';
import { KafkaSourceLog } from '../../../shared/adapters/kafka/source-log.ts';
import { KafkaTargetLog } from '../../../shared/adapters/kafka/target-log.ts';
import { PartitionAppender } from '../../../shared/append/append.ts';
import type { AppendObserver, AppendSettings } from '../../../shared/append/context.ts';
import type { HeadStore, Quarantine } from '../../../shared/append/ports.ts';
import { type FlowPartition, flowName } from '../../../shared/flow/flow.ts';
import { BatchEncoder } from '../../../shared/records/batch.ts';
import { codecs } from '../../../shared/records/codec.ts';
import { parseEvent } from '../../../shared/records/event.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import { type PartitionOutcome, replicateEvent } from '../../../shared/replicate/replicate-event.ts';
import { type Breakage, brokenHeads, brokenTarget } from './breakages.ts';
import { type Fault, FaultGate, type Limbo } from './faults.ts';
import { FaultyHeads, FaultySource, FaultyTarget, type RequestCounts } from './faulty-ports.ts';

/** Short enough for a killed broker to be given up before the invocation ends. */
const REQUEST_TIMEOUT_MS = 4_000;

export interface Clusters {
  readonly source: ClusterAddress;
  readonly target: ClusterAddress;
}

/** What one partition's deliveries are done with. */
export interface Setting {
  readonly partition: FlowPartition;
  readonly append: AppendSettings;
  /** `max.message.bytes` as the replicator believes it: small ones make several chunks of a delivery. */
  readonly maxMessageBytes: number;
  /** An invocation ends so long after its start. */
  readonly timeoutMs: number;
  /** What is broken on purpose. */
  readonly breakage: Breakage | undefined;
}

export interface InvocationRequest {
  readonly setting: Setting;
  readonly records: readonly KafkaRecord[];
  readonly fault: Fault | undefined;
  readonly invocation: string;
}

/** One execution environment of the function: connections of its own, and memory from one invocation to the next. */
export class ExecutionEnvironment {
  readonly #index: number;
  readonly #source: KafkaCluster;
  readonly #target: KafkaCluster;
  readonly #heads: HeadStore;
  readonly #quarantine: Quarantine<KafkaRecord>;
  readonly #encoder = new BatchEncoder({ codec: codecs.lz4 });

  constructor(index: number, clusters: Clusters, heads: HeadStore, quarantine: Quarantine<KafkaRecord>) {
    this.#index = index;
    this.#heads = heads;
    this.#quarantine = quarantine;
    this.#source = connect(clusters.source, index);
    this.#target = connect(clusters.target, index);
  }

  /** A partition as this environment sees it for the first time, with no memory of it. */
  open(setting: Setting, limbo: Limbo, observer: AppendObserver, counts: RequestCounts): OpenedPartition {
    const { partition, append, maxMessageBytes, breakage } = setting;
    const gate = new FaultGate(limbo);
    const target = new KafkaTargetLog(this.#target, {
      topic: partition.remoteTopic,
      partition: partition.partition,
      transactionalId: [flowName(partition.flow), partition.topic, partition.partition, partition.generation].join('.'),
      encoder: this.#encoder,
      maxMessageBytes,
    });
    const source = new KafkaSourceLog(this.#source, { topic: partition.topic, partition: partition.partition });
    const appender = new PartitionAppender<KafkaRecord>({
      partition,
      target: new FaultyTarget(brokenTarget(target, breakage), gate, counts),
      source: new FaultySource(source, gate),
      heads: new FaultyHeads(brokenHeads(this.#heads, breakage), gate, counts),
      quarantine: this.#quarantine,
      clock: { now: Date.now, wait: (ms) => delay(ms) },
      observer,
      settings: append,
    });
    return new OpenedPartition(gate, appender, this.#index);
  }

  async close(): Promise<void> {
    await Promise.all([this.#source.close(), this.#target.close()]);
  }
}

/** One partition in one environment: dead after a crash, otherwise warm. */
export class OpenedPartition {
  readonly environment: number;
  readonly #gate: FaultGate;
  readonly #appender: PartitionAppender<KafkaRecord>;

  constructor(gate: FaultGate, appender: PartitionAppender<KafkaRecord>, environment: number) {
    this.#gate = gate;
    this.#appender = appender;
    this.environment = environment;
  }

  /** Hands over the event as Lambda does, from its JSON text on. */
  async invoke({ setting, records, fault, invocation }: InvocationRequest): Promise<PartitionOutcome | 'crashed'> {
    this.#gate.arm(fault);
    const { topic, partition } = setting.partition;
    const text = JSON.stringify({ eventSource: 'aws:kafka', records: { [`${topic}-${partition}`]: records } });
    const deadline = Date.now() + setting.timeoutMs;
    const answered = replicateEvent(parseEvent(JSON.parse(text)), { id: invocation, deadline }, async () => ({
      append: (delivery) => this.#appender.append(delivery),
      leavesOut: () => false,
    }));
    const answer = await Promise.race([answered, this.#gate.crashed]);
    if (answer === 'crashed') return answer;
    const [outcome] = answer.outcomes;
    if (outcome === undefined) throw new RangeError(`no outcome for ${topic}-${partition}`);
    return outcome;
  }
}

function connect({ alias, bootstrapServers }: ClusterAddress, index: number): KafkaCluster {
  return new KafkaCluster({
    alias,
    bootstrapServers: bootstrapServers.split(','),
    clientId: `causeway-environment-${index}`,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    patienceMs: 10_000,
  });
}
