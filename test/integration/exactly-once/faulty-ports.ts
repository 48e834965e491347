import type {
  AppendOutcome,
  BrokerProducer,
  HeadStore,
  HeadWrite,
  HeadWriteOutcome,
  LogBounds,
  LogScan,
  SourceLog,
  SourcePartitionState,
  TargetLog,
} from '../../../shared/append/ports.ts';
import type { FlowPartition } from '../../../shared/flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../../../shared/flow/offset.ts';
import type { Head, Producer, Run } from '../../../shared/offsets/head.ts';
import type { KafkaRecord } from '../../../shared/records/record.ts';
import type { FaultGate } from './faults.ts';

/** Requests that change something, as they left for the target region. */
export interface RequestCounts {
  produce: number;
  headWrites: number;
  initProducer: number;
  markers: number;
}

function noAnswer(): never {
  throw new Error('no answer');
}

export class FaultyTarget implements TargetLog<KafkaRecord> {
  readonly #inner: TargetLog<KafkaRecord>;
  readonly #gate: FaultGate;
  readonly #counts: RequestCounts;

  constructor(inner: TargetLog<KafkaRecord>, gate: FaultGate, counts: RequestCounts) {
    this.#inner = inner;
    this.#gate = gate;
    this.#counts = counts;
  }

  get maxBatchBytes(): number {
    return this.#inner.maxBatchBytes;
  }

  sizeOf(record: KafkaRecord): number {
    return this.#inner.sizeOf(record);
  }

  append(producer: Producer, firstSequence: number, records: readonly KafkaRecord[]): Promise<AppendOutcome> {
    const perform = () => {
      this.#counts.produce++;
      return this.#inner.append(producer, firstSequence, records);
    };
    return this.#gate.pass('append', perform, () => ({ kind: 'unknown', reason: 'no answer' }));
  }

  initProducer(): Promise<Producer> {
    const perform = () => {
      this.#counts.initProducer++;
      return this.#inner.initProducer();
    };
    return this.#gate.pass('init', perform, noAnswer);
  }

  requestMarker(producer: Producer): Promise<'requested' | 'superseded'> {
    const perform = () => {
      this.#counts.markers++;
      return this.#inner.requestMarker(producer);
    };
    return this.#gate.pass('marker', perform, noAnswer);
  }

  topicId(): Promise<string> {
    return this.#gate.ask(() => this.#inner.topicId());
  }

  scan(from: TargetOffset): Promise<LogScan> {
    return this.#gate.ask(() => this.#inner.scan(from));
  }

  bounds(): Promise<LogBounds> {
    return this.#gate.ask(() => this.#inner.bounds());
  }

  endOfLeaderEpoch(leaderEpoch: number): Promise<TargetOffset> {
    return this.#gate.ask(() => this.#inner.endOfLeaderEpoch(leaderEpoch));
  }

  describeProducer(producerId: bigint): Promise<BrokerProducer | undefined> {
    return this.#gate.ask(() => this.#inner.describeProducer(producerId));
  }
}

export class FaultyHeads implements HeadStore {
  readonly #inner: HeadStore;
  readonly #gate: FaultGate;
  readonly #counts: RequestCounts;

  constructor(inner: HeadStore, gate: FaultGate, counts: RequestCounts) {
    this.#inner = inner;
    this.#gate = gate;
    this.#counts = counts;
  }

  read(partition: FlowPartition): Promise<Head | undefined> {
    return this.#gate.ask(() => this.#inner.read(partition));
  }

  write(partition: FlowPartition, expected: number, write: HeadWrite): Promise<HeadWriteOutcome> {
    const perform = () => {
      this.#counts.headWrites++;
      return this.#inner.write(partition, expected, write);
    };
    return this.#gate.pass('write', perform, noAnswer);
  }

  runsFrom(partition: FlowPartition, target: TargetOffset): Promise<Run[]> {
    return this.#gate.ask(() => this.#inner.runsFrom(partition, target));
  }
}

/** Only asks; but an environment that has ended asks nothing. */
export class FaultySource implements SourceLog<KafkaRecord> {
  readonly #inner: SourceLog<KafkaRecord>;
  readonly #gate: FaultGate;

  constructor(inner: SourceLog<KafkaRecord>, gate: FaultGate) {
    this.#inner = inner;
    this.#gate = gate;
  }

  state(): Promise<SourcePartitionState> {
    return this.#gate.ask(() => this.#inner.state());
  }

  endOfLeaderEpoch(leaderEpoch: number): Promise<SourceOffset> {
    return this.#gate.ask(() => this.#inner.endOfLeaderEpoch(leaderEpoch));
  }

  logStart(): Promise<SourceOffset> {
    return this.#gate.ask(() => this.#inner.logStart());
  }

  logEnd(): Promise<SourceOffset> {
    return this.#gate.ask(() => this.#inner.logEnd());
  }

  holds(records: readonly KafkaRecord[]): Promise<boolean> {
    return this.#gate.ask(() => this.#inner.holds(records));
  }

  hasRecords(from: SourceOffset, to: SourceOffset): Promise<boolean> {
    return this.#gate.ask(() => this.#inner.hasRecords(from, to));
  }
}
