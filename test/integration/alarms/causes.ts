import { randomBytes } from 'node:crypto';
import { ConfigResourceTypes } from 'kafkajs';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import type { AlarmedFlow } from './alarmed-flow.ts';

/** Why alarms fire: what is done to a flow, and how it is made good. */
export interface Cause {
  /** As it is said of the flow while it lasts. */
  readonly is: string;
  /** By the ends of their names. */
  readonly alarms: readonly string[];
  /** Makes it. @returns what takes it away */
  readonly make: (flow: AlarmedFlow) => Promise<TakeAway>;
}

export type TakeAway = () => Promise<unknown>;

/** Until dry runs and drills are made again. */
const AGAIN_MS = 60_000;
/** Until a broker is missed, and its alarm fires. */
const NOTICED_MS = 120_000;
/** Most of a minute of the region. */
const SLOW_MS = 1_600;
/** More than the target takes. */
const TOO_LARGE_BYTES = 1_500_000;
const LARGEST_BYTES = 3_000_000;
/** More than may wait. */
const BEHIND_IT = 400;
/** Characters that a topic's name may have. The copy's has the source's name before it. */
const LONGEST_NAME = 249;

/** Those that this flow has: there is no failback without a flow back, whose alarms are made in the same way. */
const RUNBOOKS = [RunbookKind.Switchover, RunbookKind.Failover, RunbookKind.Drill];
const PASSES: TakeAway = async () => {};

/** True of every flow that was just deployed. */
const NEW: readonly Cause[] = [
  {
    is: 'nobody writes',
    alarms: ['rate-low'],
    make: async (flow) => () => flow.startApplications(),
  },
  {
    is: 'no dry run was ever made',
    alarms: RUNBOOKS.map((kind) => `${kind}-not-tried`),
    make: async (flow) => () => flow.runDry(...RUNBOOKS),
  },
  {
    is: 'there was no drill but one whose execution somebody stopped',
    alarms: ['drill-overdue', 'target-not-ready', 'runbook-failed'],
    make: async (flow) => {
      await flow.parts.stopWhileItRuns(await flow.drill());
      return () => flow.drill();
    },
  },
  { is: 'nothing was verified', alarms: ['verify-behind'], make: async () => PASSES },
];

const WHILE_IT_COPIES: readonly Cause[] = [
  {
    is: 'the target takes its time for each write',
    alarms: [
      ...['record-age', 'replication-latency', 'end-to-end-latency', 'end-to-end-latency-strict'],
      'checkpoint-latency',
    ],
    make: async (flow) => {
      flow.writesTakeMs = SLOW_MS;
      return async () => {
        flow.writesTakeMs = 0;
      };
    },
  },
  {
    is: 'a record is larger than the target takes, and others are behind it',
    alarms: ['partition-stopped', 'records-waiting', 'seconds-behind', 'source-unhealthy'],
    make: async (flow) => {
      const others = Array.from({ length: BEHIND_IT }, () => 'behind it');
      await flow.write('source', flow.topic('parcels'), [randomBytes(TOO_LARGE_BYTES), ...others]);
      const configEntries = [{ name: 'max.message.bytes', value: String(LARGEST_BYTES) }];
      const topic = { type: ConfigResourceTypes.TOPIC, name: flow.remoteTopic('parcels'), configEntries };
      return () => flow.target.alterConfigs({ validateOnly: false, resources: [topic] });
    },
  },
  {
    is: 'the copy of a new topic would have a longer name than brokers take',
    alarms: ['topics-failing', 'flow-problems', 'target-unhealthy'],
    make: async (flow) => {
      const topic = flow.topic('').padEnd(LONGEST_NAME, 'x');
      await flow.makeTopic(topic);
      return () => flow.source.deleteTopics({ topics: [topic] });
    },
  },
  {
    is: 'records were deleted at the source while somebody had disabled their mapping',
    alarms: ['gap'],
    make: async (flow) => {
      const topic = flow.topic('clicks');
      await flow.write('source', topic, ['copied']);
      await flow.untilCopied('clicks', 1);
      // It would enable the mapping.
      await flow.parts.callEachMinute('source', flow.parts.name('reconcile'), false);
      await flow.parts.enableMapping(topic, false);
      await flow.write('source', topic, ['lost', 'left']);
      await flow.source.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '2' }] });
      await flow.parts.enableMapping(topic, true);
      return () => flow.parts.callEachMinute('source', flow.parts.name('reconcile'), true);
    },
  },
  {
    is: 'somebody took a variable from runbook, which is asked something',
    alarms: ['runbook-cannot-run'],
    make: async (flow) => {
      const giveBack = await flow.parts.takeVariable('target', 'runbook', 'REGISTRY_TABLE');
      await flow.parts.askRunbook();
      return async () => {
        await giveBack();
        await flow.parts.askRunbook();
      };
    },
  },
  {
    is: 'somebody wrote into a copy',
    alarms: ['verify-differences'],
    make: async (flow) => {
      // One that holds others' records before the first of the flow stops: nothing would be verified.
      await flow.untilCopied('payments', 1);
      await flow.write('target', flow.remoteTopic('payments'), ['not ours']);
      await flow.write('source', flow.topic('payments'), ['ours']);
      return PASSES;
    },
  },
];

const WHILE_NOTHING_ARRIVES: readonly Cause[] = [
  {
    is: 'nothing writes heartbeats to the source, and a failover that is started by it finds the source well',
    alarms: ['heartbeats-missing', 'source-lost'],
    make: async (flow) => {
      await flow.parts.callEachMinute('source', flow.parts.heartbeatsBack, false);
      return () => flow.parts.callEachMinute('source', flow.parts.heartbeatsBack, true);
    },
  },
  {
    is: 'reconcile is not called',
    alarms: ['topics-not-looked-at'],
    make: async (flow) => {
      await flow.parts.callEachMinute('source', flow.parts.name('reconcile'), false);
      return () => flow.parts.callEachMinute('source', flow.parts.name('reconcile'), true);
    },
  },
  {
    is: 'checkpoint is not called',
    alarms: ['checkpoint-age'],
    make: async (flow) => {
      await flow.parts.callEachMinute('target', flow.parts.name('checkpoint'), false);
      return () => flow.parts.callEachMinute('target', flow.parts.name('checkpoint'), true);
    },
  },
  {
    is: 'a broker of the target is lost, with a replica of one copy, all of another, and most of where producers would write',
    alarms: ['placement', ...RUNBOOKS.map((kind) => `${kind}-would-stop`)],
    make: async (flow) => {
      await flow.killBroker();
      await flow.until(['placement'], 'ALARM', { withinMs: NOTICED_MS });
      await flow.runDry(...RUNBOOKS);
      return () => flow.startBroker();
    },
  },
];

const WHILE_A_REGION_REFUSES: readonly Cause[] = [
  {
    is: 'the APIs of the target’s region refuse all requests, those for the offset map among them',
    alarms: ['topics-not-looked-at', 'lag-unknown'],
    make: (flow) => flow.loseTables(),
  },
  {
    is: 'somebody took a variable from replicate, which cannot begin without it',
    alarms: ['refused'],
    make: (flow) => flow.parts.takeVariable('source', 'replicate', 'OFFSET_MAP_TABLE'),
  },
];

/** Every alarm by its cause. Those of an act do not disturb each other, and are made together. */
export const ACTS: readonly (readonly Cause[])[] = [
  NEW,
  WHILE_IT_COPIES,
  WHILE_NOTHING_ARRIVES,
  WHILE_A_REGION_REFUSES,
];

/**
 * Nothing is wrong any more: what tells so by itself does. Dry runs, and drills of people, are made until they find it so as well:
 * one that comes too soon stands until the next one.
 */
export async function untilWell(flow: AlarmedFlow, alarms: readonly string[], withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  const hasFailed = alarms.includes('runbook-failed');
  const wouldStop = alarms.some((name) => name.endsWith('-would-stop'));
  for (;;) {
    await Promise.all([hasFailed && flow.drill(), wouldStop && flow.runDry(...RUNBOOKS)]);
    try {
      return await flow.until(alarms, 'OK', { withinMs: AGAIN_MS });
    } catch (error) {
      if (performance.now() >= end) throw error;
    }
  }
}
