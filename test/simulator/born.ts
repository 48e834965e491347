import { sourceOffset, targetOffset } from '../../shared/flow/offset.ts';
import type { Head, Producer } from '../../shared/offsets/head.ts';
import { advanceSequence } from '../../shared/offsets/sequence.ts';
import type { Simulation } from './simulation.ts';
import { FOREIGN } from './target-partition.ts';

/** The producer of a partition that was in use before its schedule begins. */
export const BORN: Producer = { producerId: 1n, epoch: 1 };

/** Its HEAD, about to send `nextSequence`, with one record before in the log. */
export function bornHead(simulation: Simulation, nextSequence: number): Head {
  const { target, settings, now } = simulation;
  const before = { baseSequence: advanceSequence(nextSequence, -1), ids: [FOREIGN], timestamp: now };
  target.produce({ producer: BORN, ...before });
  target.replicate();
  const kind = settings.initialGrant;
  return {
    version: 1,
    sourceTopicId: simulation.source.topicId,
    targetTopicId: simulation.targetTopicId,
    producer: BORN,
    renewedAt: now,
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
    lastTimestamp: now,
  };
}
