import { PartitionAppender } from '../../shared/append/append.ts';
import { type AppendSettings, defaultAppendSettings, type TakeOverCause } from '../../shared/append/context.ts';
import type { AppendOutcome, HeadWrite } from '../../shared/append/ports.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import type { Head, Producer } from '../../shared/offsets/head.ts';
import { advanceSequence } from '../../shared/offsets/sequence.ts';
import { Coordinator } from './coordinator.ts';
import {
  type Call,
  type Connection,
  Environment,
  type Invocation,
  newConnection,
  type Request,
} from './environment.ts';
import {
  everyOffsetTranslates,
  InvariantA,
  invariantB,
  invariantC,
  invariantD,
  invariantDCommitted,
  invariantE,
  invariantEFenced,
  invariantF,
  invariantG,
  invariantH,
  invariantI,
  invariantJ,
  isTargetCutUnnoticed,
  Violation,
} from './invariants.ts';
import { OffsetMapTable } from './offset-map.ts';
import { contextOf } from './ports.ts';
import type { Faults, Scenario } from './scenario.ts';
import { type SimRecord, SourcePartition, TOO_LARGE_BYTES } from './source-partition.ts';
import { FOREIGN, TargetPartition } from './target-partition.ts';

/** What a broken world leaves out, to see that the protocol needs it (mutations.ts). */
export interface Flaws {
  readonly scanToLogEnd?: boolean;
  readonly unconditionalWrites?: boolean;
  /** Letters that are not checked, to see the harm behind them. */
  readonly unchecked?: string;
}

export type Appender = new (
  ...given: ConstructorParameters<typeof PartitionAppender<SimRecord>>
) => PartitionAppender<SimRecord>;

const START_MS = 1_000_000_000;
const INVOCATION_MS = 300_000;
/** Microtasks that the core may need from an answer to its next call. */
const LONGEST_CHAIN = 60;

const simulatedSettings: AppendSettings = {
  ...defaultAppendSettings,
  producerExpiryMs: 100_000_000,
  latenessBoundMs: 60_000,
  producerRenewalMs: 10_000_000,
  headMemoryMs: 30_000,
  reserveMs: 2_000,
};

/** One partition of a flow with everything around it. The real code runs; what surrounds it does as it is told, step by step. */
export class Simulation {
  readonly scenario: Scenario;
  readonly flaws: Flaws;
  readonly source: SourcePartition;
  readonly target = new TargetPartition();
  readonly coordinator: Coordinator;
  readonly table = new OffsetMapTable();
  readonly environments: Environment[];
  readonly left: { -readonly [fault in keyof Faults]: number };
  readonly settings: AppendSettings;
  /** Connections that nobody waits for any more, whose requests may still arrive. */
  readonly orphans: Connection[] = [];
  /** Calls of environments that died, which may still arrive. */
  readonly lateCalls: { readonly call: Call; readonly until: number }[] = [];
  readonly disturbed = new Set<string>();
  readonly batchesRead: Invocation[] = [];
  readonly trace: string[] | undefined;
  targetTopicId = 'target-1';
  now = START_MS;
  committed = 0;
  deliveries: number;
  takeOvers = 0;
  wasCutBack = false;
  /** Rises with everything that somebody who polls may be waiting for. */
  progress = 0;
  violation: Violation | undefined;
  /** The last error of an invocation. */
  lastError: string | undefined;
  readonly #appender: Appender;
  readonly #offsetOfId = new Map<number, number>();
  readonly #a = new InvariantA();
  #invocations = 0;

  constructor(scenario: Scenario, options: { appender?: Appender; flaws?: Flaws; trace?: string[] } = {}) {
    this.scenario = scenario;
    this.flaws = options.flaws ?? {};
    this.trace = options.trace;
    this.#appender = options.appender ?? PartitionAppender;
    this.settings = { ...simulatedSettings, ...scenario.settings };
    this.source = new SourcePartition(scenario, START_MS);
    this.left = { ...scenario.faults };
    this.deliveries = scenario.deliveries;
    this.environments = Array.from(
      { length: scenario.environments },
      (_, i) => new Environment(i, scenario.skewMs[i] ?? 0),
    );
    this.coordinator = new Coordinator(
      this.target,
      scenario.lastEpoch,
      scenario.bornAt === undefined ? undefined : BORN,
    );
    if (scenario.bornAt !== undefined) this.#beBorn(scenario.bornAt);
    this.#noteIds();
  }

  get running(): boolean {
    return this.environments.some(({ invocation }) => invocation);
  }

  note(what: string): void {
    this.trace?.push(what);
  }

  /** Runs the environments' own code until each of them waits for the world. */
  async settle(): Promise<void> {
    for (const environment of this.environments) {
      for (let i = 0; environment.busy && i < LONGEST_CHAIN; i++) await undefined;
      environment.busy = false;
    }
  }

  /** Called by the core's ports: waits until the schedule says that it happens. */
  call<T>(
    environment: Environment,
    kind: Call['kind'],
    label: string,
    apply: () => { value: T } | undefined,
  ): Promise<T> {
    environment.busy = false;
    return new Promise((resolve, reject) => {
      const answer = (value: unknown) => resolve(value as T);
      environment.calls.push({ kind, label, apply, answer, fail: reject, due: 0, since: this.progress });
    });
  }

  wait(environment: Environment, ms: number): Promise<void> {
    environment.busy = false;
    return new Promise((resolve, reject) => {
      environment.calls.push({
        kind: 'timer',
        label: `waits ${ms} ms`,
        apply: () => ({ value: undefined }),
        answer: () => resolve(),
        fail: reject,
        due: this.now + ms,
        since: this.progress,
      });
    });
  }

  produce(
    environment: Environment,
    sent: { readonly producer: Producer; readonly firstSequence: number; readonly records: readonly SimRecord[] },
    answer: (outcome: AppendOutcome) => void,
  ): void {
    environment.busy = false;
    const { producer, firstSequence, records } = sent;
    this.#check(() => this.#a.sent(producer, firstSequence, records));
    const ids = records.map(({ id }) => id);
    const timestamp = records.reduce((max, each) => Math.max(max, each.timestamp), -1);
    const batch = { producer, baseSequence: firstSequence, ids, timestamp };
    if (records.some((each) => each.timestamp < this.now - this.settings.producerExpiryMs)) {
      const others = this.environments.filter((each) => each !== environment && each.connection.requests.length > 0);
      const sender = environment.invocation?.delivery.invocation ?? '';
      this.#check(() => invariantI(this, sender, others.length + this.orphans.length));
    }
    environment.connection.requests.push({
      batch,
      answer,
      result: undefined,
      sentAt: this.now,
      leaderEpoch: this.target.leaderEpoch,
    });
    this.note(`${environment.name} sends ${describe(batch)}`);
  }

  writeHead(expected: number, write: HeadWrite): 'written' | 'conflict' {
    const before = this.table.head;
    const outcome = this.table.write(this.flaws.unconditionalWrites ? (before?.version ?? 0) : expected, write);
    this.note(`  ${outcome}: ${describeHead(write.head)}`);
    if (outcome === 'conflict') return outcome;
    const { head } = write;
    if (head.fence.kind !== 'none') this.disturbed.add('fence');
    const isBorn = this.scenario.bornAt !== undefined && head.producer.producerId === BORN.producerId;
    this.#a.granted(head);
    this.#check(() => invariantB(before, head));
    this.#check(() => invariantC(this, this.#offsetOfId));
    this.#check(() => invariantD(this, before?.nextSource ?? head.nextSource, head.nextSource));
    if (!isTargetCutUnnoticed(this)) this.#check(() => invariantE(this, before, head));
    if (!isTargetCutUnnoticed(this)) this.#check(() => invariantF(this, head, isBorn));
    this.progress++;
    return outcome;
  }

  tookOver(environment: Environment, cause: TakeOverCause): void {
    this.takeOvers++;
    if (++environment.takeOvers > 1) this.fail(new Violation('H', 'a second take-over in one invocation'));
    this.note(`${environment.name} takes over: ${cause}`);
    this.#check(() => invariantH(this, cause, this.disturbed));
  }

  /** An invocation with records as they are read now, or as somebody read them before. */
  deliver(environment: Environment, batch: Invocation): void {
    const { end } = batch;
    const { invocation, appender } = this.#invoke(environment, batch);
    const { delivery } = invocation;
    this.note(`${environment.name} gets ${delivery.records.map(({ offset }) => offset).join(' ')}`);
    const { leaderEpoch } = this.source;
    appender.append(delivery).then((result) => {
      if (!this.#ends(environment, invocation)) return;
      this.lastError = result.kind === 'stopped' ? result.error.code : undefined;
      this.#check(() => invariantJ(this, result.kind === 'stopped' ? result.error : undefined));
      this.note(
        `${environment.name} answers ${result.kind === 'done' ? 'done' : `${result.error.code} at ${result.from}`}`,
      );
      // A consumer notices that its log was cut (KIP-320), and goes back to where that happened.
      if (this.wasCutBack && !this.scenario.consumerStays && this.source.leaderEpoch > leaderEpoch) return;
      // Of a delivery that failed as a whole nothing is committed, wherever it begins.
      if (result.kind === 'done') this.commit(end);
      else if (result.from > delivery.firstOffset) this.commit(result.from);
    });
  }

  /** A runbook's function has the partition fenced. */
  fence(environment: Environment): void {
    const before = this.table.head?.producer;
    this.disturbed.add('fenced');
    this.disturbed.add('fence');
    const { invocation, appender } = this.#invoke(environment, this.read(this.committed));
    appender.fence('failover', invocation.delivery).then((result) => {
      if (!this.#ends(environment, invocation)) return;
      this.note(`${environment.name} answers ${result.kind === 'stopped' ? result.error.code : result.kind}`);
      this.#check(() => invariantJ(this, result.kind === 'stopped' ? result.error : undefined));
      if (result.kind === 'fenced') this.#check(() => invariantEFenced(this, before));
    });
  }

  read(end: number): Invocation {
    const found = this.source.read(this.committed, end);
    return {
      end,
      delivery: {
        records: found.filter(({ filtered }) => !filtered),
        last: found.at(-1),
        firstOffset: found[0]?.offset ?? this.committed,
        deadline: 0,
        invocation: '',
      },
    };
  }

  /** Whether the last error tells an operator to set the group back. */
  get isToBeSetBack(): boolean {
    return this.lastError === 'SOURCE_CUT_BACK' || this.lastError === 'TARGET_CUT_BACK';
  }

  /** What the error tells an operator to do: the group goes back to what is due next. */
  setGroupBack(): void {
    this.lastError = undefined;
    this.committed = Math.min(this.committed, this.table.head?.nextSource ?? this.committed);
  }

  commit(offset: number): void {
    if (offset <= this.committed) return;
    this.#check(() => invariantDCommitted(this, this.committed, offset));
    this.committed = offset;
  }

  /** The first request that was not yet taken reaches the broker. */
  arrive(connection: Connection): void {
    const request = connection.requests.find(({ result }) => !result);
    if (!request) return;
    const limit = Math.max(this.scenario.brokerChunk ?? this.scenario.chunk, 1);
    const size = request.batch.ids.reduce((sum, id) => sum + this.#sizeOf(id), 0);
    if (size > limit) {
      connection.requests.splice(connection.requests.indexOf(request), 1);
      this.note('  too large');
      request.answer({ kind: 'too-large' });
      return;
    }
    request.result = this.target.produce(request.batch);
    this.note(`  broker: ${describe(request.batch)} ${request.result.kind}`);
    this.progress++;
    // A marker that is lost fences no more. Such a partition has to end as TARGET_DIVERGED, or whole.
    if (!this.target.lostMarker) this.#check(() => invariantG(this));
  }

  replicate(): void {
    this.target.replicate();
    this.progress++;
  }

  /** Answers, in order on each connection, what the broker may answer by now. */
  answer(environment: Environment): void {
    const { requests } = environment.connection;
    for (;;) {
      const outcome = requests[0] && this.#outcomeOf(requests[0]);
      if (!outcome) return;
      requests.shift()?.answer(outcome);
      environment.busy = true;
    }
  }

  /** The connection is lost: nobody hears the answers, what was on its way may still arrive. */
  breakConnection(environment: Environment): void {
    const old = environment.connection;
    environment.connection = newConnection();
    this.#abandon(old);
    for (const { answer } of old.requests) answer({ kind: 'unknown', reason: 'connection lost' });
    environment.busy = true;
  }

  /** Nobody waits for it any more, and it may still happen. */
  arriveLate(call: Call): void {
    this.lateCalls.push({ call, until: this.now + this.#latest });
  }

  crash(environment: Environment): void {
    this.#abandon(environment.connection);
    environment.connection = newConnection();
    for (const call of environment.calls) {
      if (call.kind === 'write' || call.kind === 'init' || call.kind === 'marker') {
        this.arriveLate(call);
      }
    }
    environment.calls = [];
    environment.appender = undefined;
    environment.invocation = undefined;
    environment.busy = false;
  }

  /** Time passes: what could not arrive any more is gone, and who ran too long is dead. */
  passTo(now: number): void {
    this.now = Math.max(this.now, now);
    for (let i = this.orphans.length - 1; i >= 0; i--) {
      if ((this.orphans[i]?.until ?? 0) < this.now) this.orphans.splice(i, 1);
    }
    for (let i = this.lateCalls.length - 1; i >= 0; i--) {
      if ((this.lateCalls[i]?.until ?? 0) < this.now) this.lateCalls.splice(i, 1);
    }
    for (const environment of this.environments) {
      const [oldest] = environment.connection.requests;
      if (oldest && oldest.sentAt + this.#latest < this.now) {
        this.note(`${environment.name} has waited too long for an answer`);
        this.breakConnection(environment);
        this.orphans.pop();
      }
      const deadline = environment.invocation?.delivery.deadline ?? Number.POSITIVE_INFINITY;
      if (this.now + environment.skewMs > deadline) {
        this.note(`${environment.name} is stopped at its deadline`);
        this.crash(environment);
      }
    }
  }

  cutBack(offset: number): void {
    this.wasCutBack = true;
    if (!this.scenario.consumerStays) this.committed = Math.min(this.committed, offset);
    this.source.cutBack(offset);
    this.#noteIds();
  }

  appendToSource(): void {
    this.source.append();
    this.#noteIds();
  }

  /** Everything that was committed, looked at once more at the end. */
  checkAll(): void {
    this.#check(() => invariantD(this, 0, this.committed));
    if (this.table.head?.sourceTopicId === this.source.topicId) {
      this.#check(() => everyOffsetTranslates(this, this.#offsetOfId));
    }
    this.#check(() => invariantC(this, this.#offsetOfId));
    this.#check(() => invariantG(this));
  }

  makeSourceAnew(): void {
    this.source.makeAnew();
    this.#noteIds();
  }

  fail(violation: Violation): void {
    this.#check(() => {
      throw violation;
    });
  }

  #invoke(environment: Environment, { delivery: read, end }: Invocation) {
    const deadline = this.now + environment.skewMs + INVOCATION_MS;
    const invocation = { delivery: { ...read, deadline, invocation: `i${++this.#invocations}` }, end };
    if (this.running) this.disturbed.add('two');
    environment.appender ??= new this.#appender(contextOf(this, environment, this.settings));
    environment.invocation = invocation;
    environment.used = true;
    environment.busy = true;
    environment.polls = 0;
    environment.takeOvers = 0;
    return { invocation, appender: environment.appender };
  }

  /** False: the environment died before. */
  #ends(environment: Environment, invocation: Invocation): boolean {
    if (environment.invocation !== invocation) return false;
    environment.busy = false;
    environment.invocation = undefined;
    environment.calls = [];
    return true;
  }

  get #latest(): number {
    // The bound covers what clocks differ by.
    return 60_000 - Math.max(0, ...this.scenario.skewMs);
  }

  #abandon(connection: Connection): void {
    const open = connection.requests.filter(({ result }) => !result);
    if (open.length > 0) this.orphans.push({ requests: open.map(unheard), until: this.now + this.#latest });
  }

  #outcomeOf({ result, leaderEpoch }: Request): AppendOutcome | undefined {
    if (!result) return undefined;
    if (result.kind !== 'appended' && result.kind !== 'duplicate') return { kind: 'refused', reason: result.kind };
    if (result.end > this.target.logEnd) return { kind: 'unknown', reason: 'NOT_LEADER_OR_FOLLOWER' };
    return result.end <= this.target.highWatermark
      ? { kind: 'appended', base: targetOffset(result.base), leaderEpoch }
      : undefined;
  }

  #sizeOf(id: number): number {
    return this.scenario.tooLarge.includes(this.#offsetOfId.get(id) ?? -1) ? TOO_LARGE_BYTES : 1;
  }

  #noteIds(): void {
    for (const { id, offset } of this.source.entries) this.#offsetOfId.set(id, offset);
  }

  #check(rule: () => void): void {
    try {
      rule();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      if (this.flaws.unchecked?.includes(error.letter)) return;
      this.violation ??= error;
      this.note(`!! ${error.message}`);
    }
  }

  /** The partition was in use before this schedule begins. */
  #beBorn(nextSequence: number): void {
    const before = { baseSequence: advanceSequence(nextSequence, -1), ids: [FOREIGN], timestamp: START_MS };
    this.target.produce({ producer: BORN, ...before });
    this.target.replicate();
    const kind = this.settings.initialGrant;
    const head: Head = {
      version: 1,
      sourceTopicId: this.source.topicId,
      targetTopicId: this.targetTopicId,
      producer: BORN,
      renewedAt: START_MS,
      nextSequence,
      fresh: false,
      nextSource: sourceOffset(0),
      nextTarget: targetOffset(1),
      openRun: undefined,
      grant: { kind },
      sparse: kind === 'closed',
      fence: { kind: 'none' },
      lease: undefined,
      sourceLeaderEpoch: 0,
      targetLeaderEpoch: 0,
      lastTimestamp: START_MS,
    };
    this.table.write(0, { head, closed: [], ledger: [] });
    this.#a.granted(head);
  }
}

const BORN: Producer = { producerId: 1n, epoch: 1 };

function unheard(request: Request): Request {
  return { ...request, answer: () => {} };
}

function describe(batch: { producer: Producer; baseSequence: number; ids: readonly number[] }): string {
  const { producer, baseSequence, ids } = batch;
  return `records ${ids.join(' ')} at sequence ${baseSequence} of ${producer.producerId}/${producer.epoch}`;
}

function describeHead(head: Head): string {
  const { producer, grant, fence, lease } = head;
  const intent = grant.kind === 'intent' ? grant.ranges.map(({ from, length }) => `${from}+${length}`).join(' ') : '';
  return (
    `${producer.producerId}/${producer.epoch} seq ${head.nextSequence} source ${head.nextSource} target ${head.nextTarget} ` +
    `${grant.kind} ${intent} ${fence.kind === 'none' ? '' : `fence ${fence.kind}`} ${lease ? `lease ${lease.holder}` : ''}`
  ).trimEnd();
}
