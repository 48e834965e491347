import fc from 'fast-check';
import { sourceOffset, targetOffset } from '../../../shared/flow/offset.ts';
import type { Checkpoint } from '../../../shared/mm2/checkpoint.ts';
import type { ConnectOffset } from '../../../shared/mm2/connect-offset.ts';
import type { Heartbeat } from '../../../shared/mm2/heartbeat.ts';
import type { OffsetSync } from '../../../shared/mm2/offset-sync.ts';

/** Any text but half surrogates, which no client can send. */
export const text = fc.string({ unit: 'binary', maxLength: 20 });
export const partition = fc.nat(0x7fffffff);
const offset = fc.oneof(fc.maxSafeNat(), fc.nat(300));
const upstreamOffset = offset.map(sourceOffset);
const downstreamOffset = offset.map(targetOffset);

export const heartbeats: fc.Arbitrary<Heartbeat> = fc.record({
  sourceClusterAlias: text,
  targetClusterAlias: text,
  timestamp: fc.maxSafeInteger(),
});

export const checkpoints: fc.Arbitrary<Checkpoint> = fc.record({
  group: text,
  topic: text,
  partition,
  upstreamOffset,
  downstreamOffset,
  metadata: text,
});

export const offsetSyncs: fc.Arbitrary<OffsetSync> = fc.record({
  topic: text,
  partition,
  upstreamOffset,
  downstreamOffset,
});

const offsetOrNone = fc.option(offset);
export const connectOffsets: fc.Arbitrary<ConnectOffset> = fc.oneof(
  fc.record({
    kind: fc.constant('source' as const),
    connector: text,
    partition: fc.record({ cluster: text, partition, topic: text }),
    offset: offsetOrNone,
  }),
  fc.record({
    kind: fc.constant('checkpoint' as const),
    connector: text,
    partition: fc.record({ partition, topic: text, group: text }),
    offset: offsetOrNone,
  }),
  fc.record({
    kind: fc.constant('heartbeat' as const),
    connector: text,
    partition: fc.record({ targetClusterAlias: text, sourceClusterAlias: text }),
    offset: offsetOrNone,
  }),
);
