import type { FlowPartition } from '../../../flow/flow.ts';
import type { SourceOffset, TargetOffset } from '../../../flow/offset.ts';
import { isTold, type Untold } from '../../../groups/committed-offsets.ts';
import type { OffsetMapView } from '../../../groups/ports.ts';
import type { Translation } from '../../../groups/translation.ts';
import type { PartitionMap } from './partition-map.ts';

/** Requests that a reading took. */
export interface ReadingRequests {
  readonly batchGetItem: number;
  readonly query: number;
}

/** `unmapped`: there is no `HEAD`. */
export type ReadPartition = PartitionMap | Untold | 'unmapped';

const NOT_READ: ReadPartition = { code: 'PARTITION_NOT_ASKED_FOR' };

/** What one reading brought of many partitions. */
export class MapView implements OffsetMapView {
  readonly requests: ReadingRequests;
  readonly #topics = new Map<string, Map<number, ReadPartition>>();

  constructor(partitions: Iterable<readonly [FlowPartition, ReadPartition]>, requests: ReadingRequests) {
    this.requests = requests;
    for (const [{ topic, partition }, read] of partitions) {
      const ofTopic = this.#topics.get(topic);
      if (ofTopic) ofTopic.set(partition, read);
      else this.#topics.set(topic, new Map([[partition, read]]));
    }
  }

  topicIds(topic: string, partition: number): { readonly source: string; readonly target: string } | undefined {
    const read = this.#find(topic, partition);
    if (read === 'unmapped' || !isTold(read)) return undefined;
    return { source: read.head.sourceTopicId, target: read.head.targetTopicId };
  }

  toTarget(topic: string, partition: number, offset: SourceOffset): Translation<TargetOffset> {
    const read = this.#find(topic, partition);
    if (read === 'unmapped') return { kind: 'unmapped' };
    return isTold(read) ? read.toTarget(offset) : { kind: 'unreadable', code: read.code };
  }

  toSource(topic: string, partition: number, offset: TargetOffset): Translation<SourceOffset> {
    const read = this.#find(topic, partition);
    if (read === 'unmapped') return { kind: 'unmapped' };
    return isTold(read) ? read.toSource(offset) : { kind: 'unreadable', code: read.code };
  }

  #find(topic: string, partition: number): ReadPartition {
    return this.#topics.get(topic)?.get(partition) ?? NOT_READ;
  }
}
