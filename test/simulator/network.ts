import type { AppendOutcome } from '../../shared/append/ports.ts';
import { targetOffset } from '../../shared/flow/offset.ts';
import type { Producer } from '../../shared/offsets/head.ts';
import { describeBatch } from './describe.ts';
import { type Call, type Connection, type Environment, newConnection, type Request } from './environment.ts';
import { invariantG, invariantI } from './invariants.ts';
import type { Simulation } from './simulation.ts';
import { type SimRecord, TOO_LARGE_BYTES } from './source-partition.ts';

/** The ways from the environments to the target's leader and to the offset map: in order, and some of them late. */
export class Network {
  /** Connections that nobody waits for any more, whose requests may still arrive. */
  readonly orphans: Connection[] = [];
  /** Calls that nobody waits for any more, which may still happen. */
  readonly lateCalls: { readonly call: Call; readonly until: number }[] = [];
  readonly #simulation: Simulation;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** An environment hands a batch to its connection. */
  send(
    environment: Environment,
    sent: { readonly producer: Producer; readonly firstSequence: number; readonly records: readonly SimRecord[] },
    answer: (outcome: AppendOutcome) => void,
  ): void {
    environment.busy = false;
    const { producer, firstSequence, records } = sent;
    this.#simulation.watch.check(() => this.#simulation.watch.a.sent(producer, firstSequence, records));
    const ids = records.map(({ id }) => id);
    const timestamp = records.reduce((max, each) => Math.max(max, each.timestamp), -1);
    const batch = { producer, baseSequence: firstSequence, ids, timestamp };
    if (records.some((each) => each.timestamp < this.#simulation.now - this.#simulation.settings.producerExpiryMs)) {
      const others = this.#simulation.environments.filter(
        (each) => each !== environment && each.connection.requests.length > 0,
      );
      const sender = environment.invocation?.delivery.invocation ?? '';
      this.#simulation.watch.check(() => invariantI(this.#simulation, sender, others.length + this.orphans.length));
    }
    environment.connection.requests.push({
      batch,
      answer,
      result: undefined,
      sentAt: this.#simulation.now,
      leaderEpoch: this.#simulation.target.leaderEpoch,
    });
    this.#simulation.note(`${environment.name} sends ${describeBatch(batch)}`);
  }

  /** The first request that was not yet taken reaches the broker. */
  arrive(connection: Connection): void {
    const request = connection.requests.find(({ result }) => !result);
    if (!request) return;
    const limit = Math.max(this.#simulation.scenario.brokerChunk ?? this.#simulation.scenario.chunk, 1);
    const size = request.batch.ids.reduce((sum, id) => sum + this.#sizeOf(id), 0);
    if (size > limit) {
      connection.requests.splice(connection.requests.indexOf(request), 1);
      this.#simulation.note('  too large');
      request.answer({ kind: 'too-large' });
      return;
    }
    request.result = this.#simulation.target.produce(request.batch);
    this.#simulation.note(`  broker: ${describeBatch(request.batch)} ${request.result.kind}`);
    this.#simulation.progress++;
    if (request.result.kind === 'appended') this.#simulation.watch.check(() => this.#simulation.watch.l.appended());
    // A marker that is lost fences no more. Such a partition has to end as TARGET_DIVERGED, or whole.
    if (!this.#simulation.target.lostMarker) this.#simulation.watch.check(() => invariantG(this.#simulation));
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
    this.abandon(old);
    for (const { answer } of old.requests) answer({ kind: 'unknown', reason: 'connection lost' });
    environment.busy = true;
  }

  /** Nobody waits for it any more, and it may still happen. */
  arriveLate(call: Call): void {
    this.lateCalls.push({ call, until: this.#simulation.now + this.#latest });
  }

  get #latest(): number {
    // The bound covers what clocks differ by.
    return 60_000 - Math.max(0, ...this.#simulation.scenario.skewMs);
  }

  /** What was on its way over a connection may still arrive. */
  abandon(connection: Connection): void {
    const open = connection.requests.filter(({ result }) => !result);
    if (open.length > 0) this.orphans.push({ requests: open.map(unheard) });
  }

  #outcomeOf({ result, leaderEpoch }: Request): AppendOutcome | undefined {
    if (!result) return undefined;
    if (result.kind !== 'appended' && result.kind !== 'duplicate') return { kind: 'refused', reason: result.kind };
    if (result.end > this.#simulation.target.logEnd) return { kind: 'unknown', reason: 'NOT_LEADER_OR_FOLLOWER' };
    return result.end <= this.#simulation.target.highWatermark
      ? { kind: 'appended', base: targetOffset(result.base), leaderEpoch }
      : undefined;
  }

  #sizeOf(id: number): number {
    return this.#simulation.scenario.tooLarge.includes(this.#simulation.watch.offsetOfId.get(id) ?? -1)
      ? TOO_LARGE_BYTES
      : 1;
  }

  /** Time has passed: what could not arrive any more is gone. */
  forgetLate(): void {
    const { now } = this.#simulation;
    for (const { requests } of this.orphans) {
      const late = requests.findIndex(({ sentAt }) => sentAt + this.#latest >= now);
      requests.splice(0, late < 0 ? requests.length : late);
    }
    removeWhere(this.orphans, ({ requests }) => requests.every(({ result }) => result));
    removeWhere(this.lateCalls, ({ until }) => until < now);
    for (const environment of this.#simulation.environments) {
      const [oldest] = environment.connection.requests;
      if (!oldest || oldest.sentAt + this.#latest >= now) continue;
      this.#simulation.note(`${environment.name} has waited too long for an answer`);
      this.breakConnection(environment);
      this.orphans.pop();
    }
  }
}

function removeWhere<T>(list: T[], isGone: (each: T) => boolean): void {
  const kept = list.filter((each) => !isGone(each));
  list.splice(0, list.length, ...kept);
}

function unheard(request: Request): Request {
  return { ...request, answer: () => {} };
}
