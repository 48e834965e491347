import type { Hold } from '../../../shared/ledger/hold.ts';
import type { SyncKind, SyncNote } from '../../../shared/ledger/reconcile-notes.ts';
import type { FlowItem, TopicItem } from '../../../shared/ledger/topic-registry.ts';
import { type ConfigEntry, ConfigSource } from '../../../shared/policy/config-property-selection.ts';
import type { ConfigChange, PerTopic, TopicConfigs } from '../../../shared/reconcile/configs/topic-configs.ts';
import { isCausewayGroup } from '../../../shared/reconcile/consumer-group.ts';
import {
  type Mapping,
  type MappingOrigin,
  type MappingPhase,
  type MappingSettings,
  sameOrigin,
} from '../../../shared/reconcile/mapping.ts';
import type { MappingSpec, NewRemoteTopic, ReconcilePorts } from '../../../shared/reconcile/ports.ts';
import type { ClusterTopic } from '../../../shared/reconcile/topic.ts';
import type { Wanted } from '../../../shared/reconcile/wanted.ts';
import { Acls } from './acls/acls.ts';

export const DRAIN_MS = 65_000;

export const SETTINGS: MappingSettings = {
  enabled: true,
  batchSize: 1_000,
  batchingWindowSeconds: 0,
  pollers: { minimum: 1, maximum: 4 },
  access: [],
};

export function wanted(changes: Partial<Wanted> = {}): Wanted {
  return {
    flow: { source: 'us-east', target: 'us-west' },
    topics: { covers: (topic) => !topic.startsWith('private'), remoteTopic: (topic) => `us-east.${topic}` },
    origin: { kind: 'msk', clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/east/0f0f' },
    settings: SETTINGS,
    start: 'LATEST',
    drainMs: DRAIN_MS,
    replicationFactor: 3,
    twoWay: false,
    configs: {
      rules: { covers: (name) => name !== 'min.insync.replicas', useDefaultsFrom: 'target' },
      sync: { enabled: true, intervalMs: 600_000 },
    },
    deletedTopics: { action: 'keep', graceMs: 3_600_000 },
    acls: { deleteRevoked: true, sync: { enabled: true, intervalMs: 600_000 } },
    ...changes,
  };
}

const OWN = { source: ConfigSource.Topic, readOnly: false, sensitive: false } as const;

/** What both clusters' versions of Kafka know, and what holds where a topic has nothing of its own. */
const DEFAULTS = Object.entries({ 'retention.ms': '604800000', 'cleanup.policy': 'delete' }).map(
  ([name, value]) => [name, { ...OWN, source: ConfigSource.Default, value }] as const,
);

interface StoredMapping {
  readonly spec: MappingSpec;
  settings: MappingSettings;
  phase: MappingPhase;
  lossless: boolean;
}

/**
 * Two clusters, Lambda's mappings and the registry, in memory, with their delays: a mapping is busy when made or
 * changed and takes a while to go; names made anew get another id. It notes what must never happen.
 */
export class World {
  now = 1_000_000;
  /** Where mappings should read from. */
  origin: MappingOrigin = wanted().origin;
  flow: FlowItem = { state: 'deployed', deployment: 'first' };
  hold: Hold | undefined;
  readonly source = new Map<string, ClusterTopic>();
  readonly target = new Map<string, ClusterTopic>();
  readonly occupied = new Set<string>();
  readonly mappings = new Map<string, StoredMapping>();
  readonly items = new Map<string, TopicItem>();
  readonly violations: string[] = [];
  readonly created: MappingSpec[] = [];
  /** Changes that were asked for, of whatever kind. */
  changes = 0;
  /** What the target says to the creation of a remote topic. */
  readonly refusedTopics = new Map<string, Error>();
  /** What Lambda says to a mapping of a topic. */
  readonly refusedMappings = new Map<string, Error>();
  /** What topics of either cluster have of their own, by the topic's name. */
  readonly configs = new Map<string, Record<string, string>>();
  readonly acls = new Acls();
  /** Source topics of which the cluster does not say whether they exist. */
  readonly hidden = new Set<string>();
  /** Of remote topics: records that were ever written to them. */
  readonly logEnds = new Map<string, number>();
  /** Where each partition of a source topic ends. */
  readonly sourceEnds = new Map<string, readonly number[]>();
  /** Of groups on the source, by group, then by partition. */
  readonly commits = new Map<string, ReadonlyMap<number, number>>();
  readonly synced: Partial<Record<SyncKind, SyncNote>> = {};
  private readonly lastSeen = new Map<string, number>();
  private ids = 0;

  constructor() {
    this.source.set('__consumer_offsets', { name: '__consumer_offsets', id: 's0', partitions: 50, internal: true });
  }

  makeSource(name: string, partitions = 1): void {
    this.source.set(name, { name, id: `s${++this.ids}`, partitions, internal: false });
  }

  /** Time goes by: mappings settle, and those being deleted are gone. */
  pass(ms: number): void {
    for (const [uuid, mapping] of this.mappings) {
      if (isCausewayGroup(mapping.spec.group)) this.lastSeen.set(mapping.spec.topic, this.now);
      if (mapping.phase === 'deleting') this.mappings.delete(uuid);
      if (mapping.phase === 'busy') mapping.phase = 'settled';
    }
    this.now += ms;
  }

  addMapping(spec: MappingSpec): string {
    const uuid = `m${String(++this.ids).padStart(4, '0')}`;
    this.mappings.set(uuid, { spec, settings: spec.settings, phase: 'busy', lossless: true });
    this.lastSeen.set(spec.topic, this.now);
    return uuid;
  }

  /** Causeway's own mappings of a topic. */
  of(topic: string): Mapping[] {
    return this.listMappings().filter((mapping) => mapping.topic === topic && isCausewayGroup(mapping.group));
  }

  listMappings(): Mapping[] {
    return [...this.mappings].map(([uuid, { spec, settings, phase, lossless }]) => {
      const { topic, group, origin } = spec;
      return { uuid, topic, group, phase, origin, settings, lossless };
    });
  }

  private write(expected: number, item: TopicItem): 'written' | 'conflict' {
    const before = this.items.get(item.topic);
    if ((before?.version ?? 0) !== expected) return 'conflict';
    if (item.version !== expected + 1) this.violations.push(`version ${item.version} after ${expected}`);
    if (before?.state === 'active' && item.state === 'draining' && this.isTrue(before))
      this.violations.push(`${item.topic} drained, though its topics are those that are there`);
    if (before !== undefined && before.generation !== item.generation) {
      if (item.generation !== before.generation + 1) this.violations.push(`generation skipped for ${item.topic}`);
      if (this.of(item.topic).length > 0) this.violations.push(`generation raised under a mapping of ${item.topic}`);
      const seen = this.lastSeen.get(item.topic);
      if (seen !== undefined && this.now < seen + DRAIN_MS)
        this.violations.push(`generation of ${item.topic} raised ${this.now - seen} ms after its mapping was there`);
    }
    this.items.set(item.topic, item);
    return 'written';
  }

  private create(spec: MappingSpec): 'created' | 'busy' {
    throwIfAny(this.refusedMappings.get(spec.topic));
    // A consumer group is one mapping's; a second mapping of a topic under another group is none of Lambda's business.
    if (this.of(spec.topic).some(({ group }) => group === spec.group)) return 'busy';
    const committed = this.commits.get(spec.group);
    for (const [partition] of this.items.get(spec.topic)?.begins?.entries() ?? [])
      if (!committed?.has(partition)) this.violations.push(`${spec.topic}-${partition} begins wherever its log does`);
    this.addMapping(spec);
    this.created.push(spec);
    return 'created';
  }

  private endsOf(topic: string, partitions: number): readonly number[] {
    return Array.from({ length: partitions }, (_, partition) => this.sourceEnds.get(topic)?.[partition] ?? 0);
  }

  private isTrue({ topic, remoteTopic, sourceTopicId, targetTopicId }: TopicItem): boolean {
    return this.source.get(topic)?.id === sourceTopicId && this.target.get(remoteTopic)?.id === targetTopicId;
  }

  private remove(uuid: string): 'removed' | 'busy' {
    const mapping = this.mappings.get(uuid);
    if (mapping === undefined) return 'removed';
    const { topic, group, origin } = mapping.spec;
    const item = this.items.get(topic);
    const isRight =
      this.flow.state === 'deployed' &&
      item?.state === 'active' &&
      item.consumerGroup === group &&
      this.isTrue(item) &&
      mapping.lossless &&
      sameOrigin(origin, this.origin) &&
      this.of(topic).filter((each) => each.group === group && each.phase !== 'deleting').length === 1;
    if (!this.change(uuid, 'deleting')) return 'busy';
    if (isRight) this.violations.push(`the only mapping of ${topic} removed, which was right`);
    return 'removed';
  }

  private createRemote({ name, partitions, configs }: NewRemoteTopic): string | undefined {
    throwIfAny(this.refusedTopics.get(name));
    if (this.target.has(name)) return undefined;
    const id = `t${++this.ids}`;
    this.target.set(name, { name, id, partitions, internal: false });
    this.configs.set(name, { ...configs });
    return id;
  }

  private describe(topics: readonly string[]): PerTopic<TopicConfigs> {
    return new Map(
      topics.map((topic) => {
        const own = Object.entries(this.configs.get(topic) ?? {}).map(
          ([name, value]) => [name, { ...OWN, value }] as const,
        );
        return [topic, new Map<string, ConfigEntry>([...DEFAULTS, ...own])];
      }),
    );
  }

  private alter(changes: ReadonlyMap<string, readonly ConfigChange[]>): PerTopic<'changed'> {
    for (const [topic, each] of changes) {
      const configs = { ...this.configs.get(topic) };
      for (const { name, value } of each) {
        if (value === undefined) delete configs[name];
        else configs[name] = value;
      }
      this.configs.set(topic, configs);
    }
    return new Map([...changes.keys()].map((topic) => [topic, 'changed']));
  }

  private change(uuid: string, phase: MappingPhase, settings?: MappingSettings): boolean {
    const mapping = this.mappings.get(uuid);
    if (mapping === undefined || mapping.phase !== 'settled') return false;
    mapping.phase = phase;
    if (settings !== undefined) {
      mapping.settings = { ...settings, pollers: updated(mapping.settings.pollers, settings.pollers) };
      mapping.lossless = true;
    }
    return true;
  }

  /** `step` is awaited before each call, so that a scheduler can order the calls of several runs. */
  ports(step: () => Promise<void> = async () => {}): ReconcilePorts {
    const after = async <T>(call: () => T): Promise<T> => {
      await step();
      return call();
    };
    const change = <T>(call: () => T): Promise<T> =>
      after(() => {
        this.changes++;
        return call();
      });
    return {
      source: {
        list: () => after(() => [...this.source.values()]),
        describeConfigs: (topics) => after(() => this.describe(topics)),
        acls: () => after(() => this.acls.here),
        presence: (topic) =>
          after(() => (this.hidden.has(topic) ? 'hidden' : this.source.has(topic) ? 'there' : 'gone')),
        offsetsAt: (topic, partitions) => after(() => this.endsOf(topic, partitions)),
      },
      target: {
        list: () => after(() => [...this.target.values()]),
        create: (topic) => change(() => this.createRemote(topic)),
        check: ({ name }) => after(() => throwIfAny(this.refusedTopics.get(name))),
        grow: (name, partitions) =>
          change(() => {
            const topic = this.target.get(name);
            if (topic === undefined) throw new Error(`UNKNOWN_TOPIC_OR_PARTITION: ${name}`);
            if (topic.partitions < partitions) this.target.set(name, { ...topic, partitions });
          }),
        isEmpty: (name) => after(() => !this.occupied.has(name)),
        describeConfigs: (topics) => after(() => this.describe(topics)),
        alterConfigs: (changes) => change(() => this.alter(changes)),
        acls: () => after(() => this.acls.there),
        logEnds: (name) => after(() => this.logEnds.get(name) ?? 0),
        remove: (name, id) =>
          change(() => {
            if (this.target.get(name)?.id === id) this.target.delete(name);
          }),
        createAcls: (bindings) => change(() => this.acls.create(bindings)),
        deleteAcls: (bindings) => change(() => this.acls.remove(bindings)),
      },
      mappings: {
        list: () => after(() => this.listMappings()),
        create: (spec) => change(() => this.create(spec)),
        update: (uuid, settings) => change(() => (this.change(uuid, 'busy', settings) ? 'updated' : 'busy')),
        remove: (uuid) => change(() => this.remove(uuid)),
      },
      startOffsets: {
        committed: (group) => after(() => this.commits.get(group) ?? new Map()),
        commit: (group, topic, offsets) =>
          change(() => {
            if (this.of(topic).some((each) => each.group === group)) throw new Error(`UNKNOWN_MEMBER_ID: ${group}`);
            this.commits.set(group, new Map([...(this.commits.get(group) ?? []), ...offsets]));
          }),
      },
      registry: {
        read: (topic) => after(() => this.items.get(topic)),
        list: () => after(() => ({ flow: this.flow, hold: this.hold, topics: [...this.items.values()] })),
        flow: () => after(() => this.flow),
        hold: () => after(() => this.hold),
        write: (expected, item) => change(() => this.write(expected, item)),
        setFlow: (item) =>
          change(() => {
            this.flow = item;
          }),
      },
      notes: {
        synced: () => after(() => ({ ...this.synced })),
        setSynced: (kind, note) =>
          after(() => {
            this.synced[kind] = note;
          }),
        acls: () => after(() => [...this.acls.notes.values()]),
        writeAcls: (expected, note) => change(() => this.acls.write(expected, note)),
      },
      clock: {
        now: () => this.now,
        wait: (ms) => after(() => this.pass(ms)),
      },
    };
  }
}

function throwIfAny(error: Error | undefined): void {
  if (error !== undefined) throw error;
}

/** A group that is not named stays; an empty name leaves it. */
function updated(before: MappingSettings['pollers'], after: MappingSettings['pollers']): MappingSettings['pollers'] {
  if (after === undefined) return undefined;
  const { group = before?.group, ...rest } = after;
  return group ? { ...rest, group } : rest;
}
