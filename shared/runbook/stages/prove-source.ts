import { describeHold, type Hold } from '../../ledger/hold.ts';
import type { BrokerProbe } from '../ports/cluster.ts';
import type { RunbookPorts } from '../ports/ports.ts';
import type { RunbookRun } from '../runbook.ts';
import type { Stage, StageOutcome } from '../stage.ts';
import { BrokersAnswer, listed, NoSecondProof, SourceAnswers, SourceNotWell } from './errors.ts';
import { judged, passed, stopped, waiting, warned } from './outcome.ts';
import { ifItAnswers, patiently, poll } from './poll.ts';

/** A broker that restarts is back within. */
const PATIENCE_MS = 15_000;

type Ports = Pick<RunbookPorts, 'from' | 'forward' | 'newestHeartbeat' | 'clock' | 'settings'>;

/**
 * Planned: the cluster that is left is there. Emergency: two signs that it is not, of which neither follows from the other:
 * its brokers do not answer this function, and its heartbeats stay away, which go through the flow and the target. Where an
 * earlier run has stopped the flow they stay away for that, which neither stops a run nor proves anything.
 */
export const proveSource: Stage<Ports> = (run, ports, time) =>
  poll(ports.clock, time, async () => {
    const [brokers, heartbeatAt, hold] = await Promise.all([
      ports.from.cluster.probe(),
      ifItAnswers(ports.newestHeartbeat()),
      ifItAnswers(ports.forward.hold.current()),
    ]);
    const ageMs = heartbeatAt === undefined ? undefined : Math.max(0, ports.clock.now() - heartbeatAt);
    const seen: Seen = { brokers, silent: brokers.filter(({ answers }) => !answers), ageMs, hold };
    if (run.emergency && run.dryRun) return wouldTell(run, seen);
    if (run.emergency) return gone(run, ports, seen);
    return patiently(there(run, ports, seen), ports.clock, time, PATIENCE_MS);
  });

interface Seen {
  readonly brokers: readonly BrokerProbe[];
  readonly silent: readonly BrokerProbe[];
  /** Of the newest heartbeat; undefined: there is none. */
  readonly ageMs: number | undefined;
  /** Of an earlier run on the flow that heartbeats come by. */
  readonly hold: Hold | undefined;
}

function there({ way: { from } }: RunbookRun, { settings }: Ports, seen: Seen): StageOutcome {
  const { brokers, silent, ageMs, hold } = seen;
  const evidence = evidenceOf(seen);
  if (silent.length > 0) {
    const names = silent.map(({ broker, because }) => `${broker}: ${because}`);
    const what = `${silent.length} of ${brokers.length} brokers do not answer: ${listed(names)}`;
    return stopped(new SourceNotWell(from, what), evidence);
  }
  if (ageMs === undefined) return warned(`all ${brokers.length} brokers answer; there are no heartbeats`, evidence);
  if (ageMs >= settings.heartbeatGoneMs && hold !== undefined)
    return warned(`all ${brokers.length} brokers answer; ${provesNothing(hold)}`, evidence);
  if (ageMs >= settings.heartbeatGoneMs)
    return stopped(new SourceNotWell(from, `its newest heartbeat is ${seconds(ageMs)} s old`), evidence);
  return passed(`all ${brokers.length} brokers answer, the newest heartbeat is ${seconds(ageMs)} s old`, evidence);
}

/** A minority that still answers cannot serve: partitions are without a leader, or without enough replicas to write. */
function gone({ way: { from } }: RunbookRun, { settings }: Ports, seen: Seen): StageOutcome {
  const { brokers, silent, ageMs, hold } = seen;
  const evidence = evidenceOf(seen);
  const answering = brokers.length - silent.length;
  if (answering * 2 >= brokers.length && answering > 0) {
    const answer = `${answering} of ${brokers.length} brokers answer`;
    const silent = ageMs !== undefined && ageMs >= settings.heartbeatGoneMs && hold === undefined;
    if (!silent) return stopped(new SourceAnswers(from, answer), evidence);
    return stopped(new BrokersAnswer(from, answer, `no heartbeat has come for ${seconds(ageMs)} s`), evidence);
  }
  if (ageMs === undefined) return stopped(new NoSecondProof(from), evidence);
  if (ageMs < settings.heartbeatGoneMs) {
    const rest = `its newest heartbeat is ${seconds(ageMs)} s old, and ${seconds(settings.heartbeatGoneMs)} s are asked for`;
    return waiting(`the brokers of ${from} do not answer, but ${rest}`, evidence);
  }
  const says = `${silent.length} of ${brokers.length} brokers of ${from} do not answer, and no heartbeat has come for ${seconds(ageMs)} s`;
  if (hold !== undefined) return warned(`${says}; ${provesNothing(hold)}`, evidence);
  return judged(answering === 0 ? 'PASS' : 'WARN', says, evidence);
}

function evidenceOf({ brokers, ageMs, hold }: Seen) {
  return { brokers, heartbeatAgeMs: ageMs, hold };
}

function provesNothing(hold: Hold): string {
  return `that heartbeats stay away proves nothing, for the flow is ${describeHold(hold)}`;
}

/** Nobody waits for a cluster to be lost: what counts today is that both signs could be seen. */
function wouldTell({ way: { from } }: RunbookRun, seen: Seen): StageOutcome {
  const { brokers, silent, ageMs, hold } = seen;
  const evidence = evidenceOf(seen);
  if (ageMs === undefined) return stopped(new NoSecondProof(from), evidence);
  const answering = `${brokers.length - silent.length} of ${brokers.length} brokers of ${from} answer`;
  if (hold !== undefined) return warned(`${answering}; ${provesNothing(hold)}`, evidence);
  return passed(`${answering}, the newest heartbeat is ${seconds(ageMs)} s old: both signs can be told`, evidence);
}

function seconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
