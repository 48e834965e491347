import { type AppendContext, type AppendSettings, silentObserver } from '../../shared/append/context.ts';
import type { AppendOutcome, HeadWriteOutcome } from '../../shared/append/ports.ts';
import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import { fromTarget } from '../../shared/offsets/runs.ts';
import type { Environment } from './environment.ts';
import type { Simulation } from './simulation.ts';
import type { SimRecord } from './source-partition.ts';

const partition = {
  flow: { source: 'us-east', target: 'us-west' },
  topic: 'orders',
  remoteTopic: 'us-east.orders',
  partition: 0,
  generation: 1,
};

/** What the real code of one execution environment is given: every call of it waits for the schedule. */
export function contextOf(
  simulation: Simulation,
  environment: Environment,
  settings: AppendSettings,
): AppendContext<SimRecord> {
  const { source, target, coordinator, table, flaws, scenario } = simulation;
  const ask = <T>(label: string, answer: () => T) =>
    simulation.call<T>(environment, 'query', label, () => ({ value: answer() }));
  const visibleEnd = () => (flaws.scanToLogEnd ? target.logEnd : target.knownHighWatermark);
  return {
    partition,
    settings,
    source: {
      state: () => ask('asks the source', () => ({ topicId: source.topicId, leaderEpoch: source.leaderEpoch })),
      endOfLeaderEpoch: (epoch) => ask('asks where an epoch ended', () => sourceOffset(source.endOfLeaderEpoch(epoch))),
      logStart: () => ask('asks for the log start', () => sourceOffset(source.logStart)),
      logEnd: () => ask('asks for the log end', () => sourceOffset(source.logEnd)),
      holds: (records) => ask('compares with the source', () => source.holds(records)),
      hasRecords: (from, to) => ask(`asks the source for ${from} to ${to - 1}`, () => source.hasRecords(from, to)),
    },
    target: {
      maxBatchBytes: scenario.chunk,
      sizeOf: ({ sizeBytes }) => sizeBytes,
      topicId: () => ask('asks the target', () => simulation.targetTopicId),
      append: (producer, firstSequence, records) =>
        new Promise<AppendOutcome>((answer) =>
          simulation.network.send(environment, { producer, firstSequence, records }, answer),
        ),
      scan: (from) => ask(`scans from ${from}`, () => target.scan(from, visibleEnd())),
      bounds: () =>
        ask('asks for the bounds', () => {
          if (target.isCatchingUp) throw new Error('OFFSET_NOT_AVAILABLE');
          return { logStart: targetOffset(0), highWatermark: targetOffset(visibleEnd()) };
        }),
      endOfLeaderEpoch: (epoch) =>
        ask(`asks the target where epoch ${epoch} ended`, () => targetOffset(target.endOfLeaderEpoch(epoch))),
      describeProducer: (id) => ask('describes the producer', () => target.describe(id)),
      initProducer: () =>
        simulation.call(environment, 'init', 'InitProducerId', () => {
          const producer = coordinator.busy ? undefined : coordinator.initProducer();
          return producer && { value: producer };
        }),
      requestMarker: (producer) =>
        simulation.call<'requested' | 'superseded'>(
          environment,
          'marker',
          `asks for a marker of epoch ${producer.epoch}`,
          () => {
            if (coordinator.busy) return undefined;
            if (coordinator.begin(producer) === 'superseded') return { value: 'superseded' };
            return { value: coordinator.end(producer) === 'ended' ? 'requested' : 'superseded' };
          },
        ),
    },
    heads: {
      runsFrom: (_, from) =>
        simulation.call(environment, 'read', `reads the runs from ${from}`, () => ({
          value: fromTarget(table.runs, from),
        })),
      read: () => simulation.call(environment, 'read', 'reads HEAD', () => ({ value: table.head })),
      write: (_, expected, write) => {
        const { lifting } = environment;
        return simulation.call<HeadWriteOutcome>(environment, 'write', `writes HEAD ${write.head.version}`, () => ({
          value: simulation.writeHead(expected, write, lifting),
        }));
      },
    },
    quarantine: { put: (_, { offset }) => ask('sets a record aside', () => `quarantine/${offset}`) },
    clock: {
      now: () => simulation.now + environment.skewMs,
      wait: (ms) => simulation.wait(environment, ms),
    },
    observer: {
      ...silentObserver,
      tookOver: (_, cause) => simulation.tookOver(environment, cause),
    },
  };
}
