import { CausewayError } from '../../flow/errors.ts';
import { flowName } from '../../flow/flow.ts';
import type { RunSummary } from '../../runbook/registry/run-summary.ts';
import { assess } from '../../status/assess.ts';
import type { FlowFacts } from '../../status/facts.ts';
import type { Patience } from '../../status/late.ts';
import type { StatusPorts } from '../../status/ports.ts';
import { readFlow } from '../../status/read-flow.ts';
import { type Reading, readByMonitor, readHere, STALE_SECONDS } from '../../status/reading.ts';
import type { StoredStatus } from '../../status/store.ts';
import type { Limits } from '../../status/topic-status.ts';
import { StatusNotKeptError } from './errors.ts';

/** Where no broker answers that is known after seconds only: whoever reads on asks them again after this time. */
const ASK_AGAIN_MS = 60_000;
const NO_ANSWER: ReadonlySet<string> = new Set(['KAFKA_UNREACHABLE', 'KAFKA_DEADLINE_EXCEEDED']);

/** What is asked of a flow. */
export interface Question {
  readonly limits: Limits;
  readonly patience: Patience;
  /** Asks for what `monitor` found last, and no broker. */
  readonly stored: boolean;
  /** Asks the registry for the newest run of a runbook, beside the brokers. */
  readonly lastRun: boolean;
}

export interface ReaderPorts extends StatusPorts {
  /** What `monitor` found last; undefined where it has kept nothing. @throws CausewayError */
  readonly lastOfMonitor: () => Promise<StoredStatus | undefined>;
  /** The newest run of a runbook in the registry; undefined where there is none. @throws CausewayError */
  readonly lastRun: () => Promise<RunSummary | undefined>;
}

interface Unreached extends Pick<Reading, 'deployed'> {
  /** ms since the epoch. */
  readonly at: number;
  readonly because: string;
}

/** Reads a flow, as often as it is asked to: from here, and by what `monitor` found where brokers do not answer here. */
export class FlowReader {
  readonly #ports: ReaderPorts;
  readonly #question: Question;
  #unreached: Unreached | undefined;

  constructor(ports: ReaderPorts, question: Question) {
    this.#ports = ports;
    this.#question = question;
  }

  /** @throws CausewayError where `monitor` alone is asked, and has nothing or cannot be asked */
  async read(): Promise<Reading> {
    if (this.#question.stored) {
      const stored = await this.#ports.lastOfMonitor();
      if (stored === undefined) throw new StatusNotKeptError(flowName(this.#ports.flow));
      return this.#ofMonitor(stored, { state: 'unknown', because: 'Lambda was not asked' }, undefined);
    }
    const [reading, lastRun] = await Promise.all([this.#readNow(), this.#lastRun()]);
    return { ...reading, ...(lastRun && { lastRun }) };
  }

  async #readNow(): Promise<Reading> {
    const { now } = this.#ports;
    const before = this.#unreached;
    if (before !== undefined && now() - before.at < ASK_AGAIN_MS) {
      const stored = await this.#orNothing();
      if (typeof stored === 'object') return this.#ofMonitor(stored, before.deployed, before.because);
    }
    return this.#readHere();
  }

  async #readHere(): Promise<Reading> {
    const { now } = this.#ports;
    const { limits, patience } = this.#question;
    const facts = await readFlow(this.#ports, patience);
    const here = assess(facts, limits, now());
    const because = whyUnasked(facts);
    this.#unreached = undefined;
    if (because === undefined) return readHere(here, facts.readAt, now());
    const stored = await this.#orNothing();
    if (typeof stored === 'string') return readHere(here, facts.readAt, now(), stored);
    const byMonitor = this.#ofMonitor(stored, here.deployed, because);
    const whyNot = whyNoHelp(byMonitor, here);
    if (whyNot !== undefined) return readHere(here, facts.readAt, now(), whyNot);
    this.#unreached = { at: now(), because, deployed: here.deployed };
    return byMonitor;
  }

  #ofMonitor(stored: StoredStatus, deployed: Reading['deployed'], because: string | undefined): Reading {
    const { heartbeatMs, now } = this.#ports;
    return readByMonitor(stored, { limits: this.#question.limits, heartbeatMs, deployed }, now(), because);
  }

  /** Nothing hangs on it: one that cannot be had leaves the reading as it is. */
  async #lastRun(): Promise<Reading['lastRun']> {
    if (!this.#question.lastRun) return undefined;
    try {
      return await this.#ports.lastRun();
    } catch (error) {
      if (error instanceof CausewayError) return { because: error.message };
      throw error;
    }
  }

  /** What `monitor` found last, or why that cannot be had. */
  async #orNothing(): Promise<StoredStatus | string> {
    try {
      return (await this.#ports.lastOfMonitor()) ?? 'it has kept no reading yet';
    } catch (error) {
      if (error instanceof CausewayError) return `its last reading cannot be had: ${error.code}, ${error.message}`;
      throw error;
    }
  }
}

/** Why a side of the flow could not be asked from here; undefined where both answered. */
function whyUnasked({ sourceSide, targetSide }: FlowFacts): string | undefined {
  const errors = [sourceSide, targetSide].flatMap((side) => ('error' in side ? [side.error] : []));
  const [first] = errors;
  if (first === undefined) return undefined;
  const how = NO_ANSWER.has(first.code) ? 'cannot be reached' : 'could not be asked';
  return `the brokers ${how} from here: ${first.what}`;
}

/** An old reading says more than none at all; beside a cluster that answers it does not. */
function whyNoHelp(byMonitor: Reading, here: Pick<Reading, 'asked' | 'source' | 'target'>): string | undefined {
  const unasked = openIn(here);
  const neitherAnswers = unasked.has(here.source) && unasked.has(here.target);
  if (byMonitor.ageSeconds > STALE_SECONDS && !neitherAnswers)
    return `its last reading is ${byMonitor.ageSeconds} s old`;
  return openIn(byMonitor).size < unasked.size ? undefined : 'its last reading tells no more';
}

function openIn({ asked }: Pick<Reading, 'asked'>): ReadonlySet<string> {
  return new Set(asked.flatMap(({ name, error }) => (error === undefined ? [] : [name])));
}
