import type { SourceEnds } from '../../../../shared/loss/source-ends.ts';
import { compileNameList } from '../../../../shared/policy/name-list.ts';
import type { LastKnownOffsets } from '../../../../shared/runbook/ports/groups.ts';
import type { RunbookPorts } from '../../../../shared/runbook/ports/ports.ts';
import type { Published } from '../../../../shared/runbook/ports/publication.ts';
import { DEFAULT_SETTINGS } from '../../../../shared/runbook/ports/settings.ts';
import type { RegistryEntry } from '../../../../shared/runbook/registry/entry.ts';
import type { RunJournal } from '../../../../shared/runbook/registry/ports.ts';
import { Registry } from '../../../../shared/runbook/registry/registry.ts';
import { RunOutcome, type RunSummary } from '../../../../shared/runbook/registry/run-summary.ts';
import { runStage, type StepAnswer } from '../../../../shared/runbook/run-stage.ts';
import { type RunbookKind, StartedBy } from '../../../../shared/runbook/runbook.ts';
import type { StageRecord } from '../../../../shared/runbook/stage.ts';
import { stageTable } from '../../../../shared/runbook/stages/table.ts';
import { type StepName, stagesOf } from '../../../../shared/runbook/stages.ts';
import { FakeAcls } from './fake-acls.ts';
import { FakeCluster } from './fake-cluster.ts';
import { FakeFlow } from './fake-flow.ts';
import { FakeGroups } from './fake-groups.ts';
import { MemoryWriteFences } from './memory-write-fences.ts';

export const FLOW = { source: 'east', target: 'west' };
export const START = 1_700_000_000_000;
const MOST_CALLS = 200;

/**
 * Two clusters with a flow each way, held in memory, on which whole runbooks can be played call by call. Time passes only
 * while something waits.
 */
export class Scene {
  /** Whatever was changed, but for the journal, in order. */
  readonly changes: string[] = [];
  readonly east = new FakeCluster('east', this.changes);
  readonly west = new FakeCluster('west', this.changes);
  readonly eastGroups = new FakeGroups(this.east, this.changes);
  readonly westGroups = new FakeGroups(this.west, this.changes);
  readonly eastAcls = new FakeAcls(this.east, this.changes);
  readonly westAcls = new FakeAcls(this.west, this.changes);
  readonly writeFences = new MemoryWriteFences();
  readonly there = new FakeFlow(FLOW, this.changes);
  readonly back = new FakeFlow({ source: 'west', target: 'east' }, this.changes);
  readonly records = new Map<string, StageRecord>();
  /** Newest first. */
  runs: RunSummary[] = [];
  readonly running = new Set<string>();
  entry: RegistryEntry | undefined;
  now = START;
  /** Happens each time that something waits. */
  meanwhile: () => void = () => {};
  heartbeatAt: number | undefined = START;
  /** Whether heartbeats go on coming. */
  beats = true;
  sourceEnds: SourceEnds | undefined;
  lastKnown: LastKnownOffsets | undefined;
  published: Published[] = [];
  hasReverse = true;
  fenceByAcls = false;
  registryAway = 0;
  /** So many writes to the journal are refused. */
  journalAway = 0;
  reportsAway = false;
  /** Of the flow that comes back. */
  opposite: RegistryEntry | Error | undefined;

  /** `orders` with two partitions, drained, and a group at their ends. */
  static withOrders(): Scene {
    const scene = new Scene();
    scene.east.topic('orders', [100, 200]).topic('west.orders', [10, 0]);
    scene.west.topic('east.orders', [100, 200]).topic('orders', [10, 0]);
    scene.there.topic('orders', 'east.orders', [100, 200]);
    scene.back.topic('orders', 'west.orders', [10, 0]);
    scene.eastGroups.group('payments', { 'orders-0': 100, 'orders-1': 150, 'west.orders-0': 7 });
    return scene;
  }

  /** The source is gone, and all stages before `stage` have passed. */
  static async lostBefore(stage: StepName, prepare: (scene: Scene) => void = () => {}): Promise<Scene> {
    const scene = Scene.withOrders();
    scene.beats = false;
    scene.heartbeatAt = scene.now - 60_000;
    scene.east.lose();
    scene.there.controlPlaneAway = true;
    prepare(scene);
    await scene.upTo(stage, 'failover');
    return scene;
  }

  ports(kind: RunbookKind): RunbookPorts {
    const eastSide = { cluster: this.east, groups: this.eastGroups, acls: this.eastAcls };
    const westSide = { cluster: this.west, groups: this.westGroups, acls: this.westAcls };
    const isBack = kind === 'failback';
    const backward = isBack ? this.there : this.back;
    return {
      clock: { now: () => this.now, wait: (ms) => this.#wait(ms) },
      registry: new Registry({ flow: FLOW, entries: this.#entries(), now: () => this.now }),
      opposite: async () => {
        if (this.opposite instanceof Error) throw this.opposite;
        return this.opposite;
      },
      executions: { isRunning: async (execution) => this.running.has(execution) },
      journal: this.journal,
      history: this.journal,
      from: isBack ? westSide : eastSide,
      to: isBack ? eastSide : westSide,
      forward: isBack ? this.back : this.there,
      backward: this.hasReverse ? backward : undefined,
      rules: { include: compileNameList({ patterns: ['.*'] }), exclude: compileNameList({ patterns: ['ignored-.*'] }) },
      newestHeartbeat: async () => (this.beats ? this.now - 500 : this.heartbeatAt),
      sourceEnds: async () => this.sourceEnds,
      lastKnown: async () => this.lastKnown,
      publication: {
        publish: async ({ active }) => {
          this.changes.push(`published ${active}`);
          return this.published;
        },
      },
      reports: {
        write: async (run, records) => {
          if (this.reportsAway) throw new Error('S3 does not answer');
          this.changes.push('report');
          return `s3://reports/${run.generation}-${records.length}`;
        },
      },
      writeFences: this.writeFences,
      settings: { ...DEFAULT_SETTINGS, fenceByAcls: this.fenceByAcls },
    };
  }

  /** One call of one stage. */
  call(stage: StepName, kind: RunbookKind = 'switchover', options: { dryRun?: boolean; execution?: string } = {}) {
    const { dryRun = false, execution = 'run-1' } = options;
    const startedBy = StartedBy.Person;
    const call = { flow: FLOW, stage, kind, execution, dryRun, taskToken: 'token', startedBy, reason: 'a test' };
    return runStage(call, this.ports(kind), stageTable);
  }

  /** Calls again as long as there is nothing but waiting, as a state machine does. */
  async pass(stage: StepName, kind: RunbookKind = 'switchover', execution = 'run-1'): Promise<StepAnswer> {
    for (let calls = 0; calls < MOST_CALLS; calls++) {
      const answer = await this.call(stage, kind, { execution });
      if (answer.kind !== 'waiting') return answer;
    }
    throw new Error(`${stage} goes on waiting`);
  }

  /** All stages up to one, not including it, each to its end. @throws Error where one stops */
  async upTo(stage: StepName, kind: RunbookKind = 'switchover', execution = 'run-1'): Promise<void> {
    for (const { name } of stagesOf(kind)) {
      if (name === stage) return;
      if (name === 'approve') continue;
      const answer = await this.pass(name, kind, execution);
      if (answer.kind !== 'passed') throw new Error(`${name}: ${answer.says}`);
    }
  }

  /** Somebody wants the run that has the lock undone. */
  async requestAbort(): Promise<void> {
    const registry = new Registry({ flow: FLOW, entries: this.#entries(), now: () => this.now });
    await registry.requestAbort(this.entry?.generation ?? 0);
  }

  record(stage: StepName): StageRecord | undefined {
    return [...this.records.values()].find((each) => each.stage === stage);
  }

  readonly journal: RunJournal = {
    stage: async (generation, stage) => this.records.get(`${generation} ${stage}`),
    record: async (record) => {
      if (this.journalAway-- > 0) throw throttled();
      this.records.set(`${record.generation} ${record.stage}`, record);
    },
    run: async (generation) => [...this.records.values()].filter((each) => each.generation === generation),
    beginRun: async (run) => {
      if (this.runs.every(({ generation }) => generation !== run.generation))
        this.runs.unshift({ ...run, endedAt: undefined, outcome: RunOutcome.Running, stoppedAt: undefined });
    },
    endRun: async (generation, end) => {
      this.runs = this.runs.map((run) => (run.generation === generation ? { ...run, ...end } : run));
    },
    runs: async () => this.runs,
    dryRuns: async () => [],
  };

  #entries() {
    return {
      read: async () => {
        if (this.registryAway-- > 0) throw throttled();
        return this.entry;
      },
      write: async (expected: number, entry: RegistryEntry) => {
        if ((this.entry?.version ?? 0) !== expected) return 'conflict' as const;
        this.entry = entry;
        this.changes.push(`registry ${entry.active} ${entry.clients}${entry.run ? '' : ' free'}`);
        return 'written' as const;
      },
    };
  }

  readonly #sleepers: { readonly at: number; readonly wake: () => void }[] = [];

  #wait(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers.push({ at: this.now + ms, wake });
      if (this.#sleepers.length === 1) setImmediate(() => this.#wakeNext());
    });
  }

  /** When nothing else is left to be done, time goes on to whoever waits shortest. */
  #wakeNext(): void {
    this.#sleepers.sort((a, b) => a.at - b.at);
    const next = this.#sleepers.shift();
    if (next === undefined) return;
    this.now = Math.max(this.now, next.at);
    this.meanwhile();
    next.wake();
    if (this.#sleepers.length > 0) setImmediate(() => this.#wakeNext());
  }
}

function throttled(): Error {
  return Object.assign(new Error('slow down'), { name: 'ProvisionedThroughputExceededException' });
}
