import type { PartitionAppender } from '../../shared/append/append.ts';
import type { Delivery } from '../../shared/append/attempt.ts';
import type { AppendOutcome } from '../../shared/append/ports.ts';
import type { SimRecord } from './source-partition.ts';
import type { ProducedBatch, ProduceResult } from './target-partition.ts';

/** Something that an environment waits for. */
export interface Call {
  readonly label: string;
  readonly kind: 'query' | 'read' | 'write' | 'init' | 'marker' | 'timer';
  /** Does it, and gives what to answer. undefined: not yet possible. */
  readonly apply: () => { readonly value: unknown } | undefined;
  readonly answer: (value: unknown) => void;
  readonly fail: (error: Error) => void;
  /** For a timer: when it is due, and what the world had gone through when it began. */
  readonly due: number;
  readonly since: number;
}

export interface Request {
  readonly batch: ProducedBatch;
  readonly answer: (outcome: AppendOutcome) => void;
  result: ProduceResult | undefined;
  /** Of the partition, as metadata told when it was sent. */
  readonly leaderEpoch: number;
  readonly sentAt: number;
}

/** Requests on one connection reach the broker in order, each within the lateness bound or not at all. */
export interface Connection {
  readonly requests: Request[];
}

export interface Invocation {
  readonly delivery: Delivery<SimRecord>;
  /** The offset after the last one delivered. */
  readonly end: number;
}

/** One execution environment: at most one invocation at a time, and what it remembers between them. */
export class Environment {
  readonly id: number;
  readonly skewMs: number;
  appender: PartitionAppender<SimRecord> | undefined;
  invocation: Invocation | undefined;
  calls: Call[] = [];
  connection: Connection = newConnection();
  /** Between an answer and the next call: its own code runs. */
  busy = false;
  used = false;
  polls = 0;
  /** Of the running invocation. */
  takeOvers = 0;
  /** Generation of the run whose hold the running invocation lifts. */
  lifting: number | undefined;

  constructor(id: number, skewMs: number) {
    this.id = id;
    this.skewMs = skewMs;
  }

  get name(): string {
    return `E${this.id}`;
  }
}

export function newConnection(): Connection {
  return { requests: [] };
}
