import type { Breakage } from './breakages.ts';
import { type Cuts, Disturbance } from './disturbance.ts';
import { cutLogs } from './events/cut-logs.ts';
import { killBrokers } from './events/target-leaders.ts';
import type { Kind } from './kind.ts';
import { kindOf } from './kinds.ts';
import { readLogs } from './read-logs.ts';
import { Schedule } from './schedule.ts';
import { judge, type Verdict } from './verdict.ts';
import type { World } from './world.ts';

/** Schedules under way at once: most of their time they wait. */
const SIDE_BY_SIDE = 48;

export interface RunOptions {
  readonly seeds: readonly number[];
  /** Tells one run in a world from the next. */
  readonly name: string;
  readonly breakage?: Breakage | undefined;
  /** How many brokers are killed, one after the other; default 3. */
  readonly brokersToLose?: number;
  readonly progress?: (line: string) => void;
}

interface Planned {
  readonly schedule: Schedule;
  /** An error that is not one of the schedule's own. */
  failure?: unknown;
}

/** Runs schedules against real brokers, then reads both clusters and judges each schedule. */
export async function runSchedules(world: World, options: RunOptions): Promise<Verdict[]> {
  const { seeds, name, breakage, progress = () => {} } = options;
  const byKind = Map.groupBy(seeds, kindOf);
  const planned: Planned[] = [];
  for (const [kind, ofKind] of byKind) {
    const disturbance = disturbanceOf(world, kind, ofKind, options);
    const places = await createTopics(world, kind, ofKind, name);
    const schedules = places.map((place) => new Schedule(world, { ...place, kind, disturbance, breakage }));
    planned.push(...schedules.map((schedule) => ({ schedule })));
  }
  const together = new Set(planned.flatMap(({ schedule }) => schedule.kind.together ?? []));
  for (const event of [undefined, ...together]) {
    const wave = planned.filter(({ schedule }) => schedule.kind.together === event);
    progress(`${wave.length} schedules${event === undefined ? '' : `: ${event}`}`);
    await runWave(wave, event === undefined ? SIDE_BY_SIDE : wave.length);
  }
  progress('reading both clusters');
  const topics = [...new Set(planned.map(({ schedule }) => schedule.partition.topic))];
  const remoteTopics = [...new Set(planned.map(({ schedule }) => schedule.partition.remoteTopic))];
  const groupId = `exactly-once-${name}`;
  const ends = breakage === undefined ? 'record' : 'anything';
  const [source, target] = await Promise.all([
    readLogs(world.sourceClient, world.sourceAdmin, topics, { groupId, ends }),
    readLogs(world.targetClient, world.targetAdmin, remoteTopics, { groupId, ends }),
  ]);
  const verdicts: Verdict[] = [];
  for (const { schedule, failure } of planned) verdicts.push(await judge(schedule, source, target, failure));
  return verdicts;
}

async function runWave(wave: readonly Planned[], sideBySide: number): Promise<void> {
  const left = [...wave].sort((a, b) => a.schedule.seed - b.schedule.seed);
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const { schedule } = next;
      try {
        await schedule.run();
      } catch (error) {
        next.failure = error;
      } finally {
        schedule.disturbance.leave(schedule.seed);
      }
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
}

interface Place {
  readonly seed: number;
  readonly topic: string;
  readonly partition: number;
}

async function createTopics(world: World, kind: Kind, seeds: readonly number[], run: string): Promise<Place[]> {
  const topic = topicOf(kind, run);
  const places = seeds.map((seed, index) =>
    kind.ownTopic ? { seed, topic: `${topic}-${seed}`, partition: 0 } : { seed, topic, partition: index },
  );
  const partitions = Map.groupBy(places, (place) => place.topic);
  for (const [name, ofTopic] of partitions) {
    await world.createSourceTopic(name, ofTopic.length, kind.topicConfigs ?? {});
    await world.createRemoteTopic(`${world.regions.source.alias}.${name}`, ofTopic.length);
  }
  return places;
}

function disturbanceOf(world: World, kind: Kind, seeds: readonly number[], options: RunOptions): Disturbance {
  const { name, brokersToLose = 3 } = options;
  const acts = {
    'source-cut-back': (ready: readonly Schedule[]): Promise<Cuts> => cutLogs(world, 'source', ready),
    'target-cut-back': (ready: readonly Schedule[]): Promise<Cuts> => cutLogs(world, 'target', ready),
    'broker-lost': async (): Promise<Cuts> => {
      await killBrokers(world, `${world.regions.source.alias}.${topicOf(kind, name)}`, brokersToLose);
      return new Map();
    },
  };
  return kind.together === undefined ? Disturbance.nothing() : new Disturbance(seeds, acts[kind.together]);
}

function topicOf(kind: Kind, run: string): string {
  return `${kind.name.replaceAll(/[^a-z]+/g, '-')}-${run}`;
}
