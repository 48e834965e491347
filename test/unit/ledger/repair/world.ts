import type { FlowPartition } from '../../../../shared/flow/flow.ts';
import { sourceOffset } from '../../../../shared/flow/offset.ts';
import type { LedgerEntry } from '../../../../shared/ledger/entry.ts';
import type { Gap } from '../../../../shared/ledger/gap.ts';
import type { RepairPorts, Written } from '../../../../shared/ledger/repair/ports.ts';
import type { Destination, Repair, RepairWanted } from '../../../../shared/ledger/repair/repair.ts';
import type { TopicItem } from '../../../../shared/ledger/topic-registry.ts';
import type { KafkaRecord } from '../../../../shared/records/record.ts';

export const NOW = Date.UTC(2026, 2, 1, 12);
const FLOW = { source: 'us-east', target: 'us-west' };
const TO = 'orders.set-aside';

export function place(topic: string, partition: number, generation = 1): FlowPartition {
  return { flow: FLOW, topic, remoteTopic: `us-east.${topic}`, partition, generation };
}

export function wanted(changes: Partial<RepairWanted> = {}): RepairWanted {
  return { flow: FLOW, topic: undefined, to: TO, again: false, copiedOn: [], ...changes };
}

export const takesAll: Destination = {
  partitions: 3,
  maxMessageBytes: 8_388_608,
  compacted: false,
  keepsTimestamps: true,
  retentionMs: undefined,
};

/** A flow's ledger, what was set aside, and the topic that it is repaired to, in memory. */
export class World {
  readonly gaps: Gap[] = [];
  /** Undefined: a part is missing. */
  readonly stored = new Map<string, KafkaRecord | undefined>();
  readonly notes = new Map<string, Repair[]>();
  readonly written: { readonly to: string; readonly record: KafkaRecord }[] = [];
  destination: Destination | undefined = takesAll;
  /** In place of an acknowledgement. */
  answer: (record: KafkaRecord) => Written | Error | undefined = () => undefined;
  noteFails: Error | undefined;

  /** `value` is told by `sizeOf` with 100 bytes for all else. */
  setAside(partition: FlowPartition, offset: number, changes: Partial<KafkaRecord> = {}): void {
    this.add(partition, {
      kind: 'quarantine',
      from: sourceOffset(offset),
      to: sourceOffset(offset + 1),
      location: `dynamodb://table/${offset}`,
      at: NOW,
    });
    const { topic, partition: number } = partition;
    const value = Buffer.alloc(1_000, 'v').toString('base64');
    const record = { topic, partition: number, offset, timestamp: NOW, key: null, value, ...changes };
    this.stored.set(keyOf(partition, offset), record);
  }

  add(partition: FlowPartition, entry: LedgerEntry): void {
    this.gaps.push({ partition, entry });
  }

  loseParts(partition: FlowPartition, offset: number): void {
    this.stored.set(keyOf(partition, offset), undefined);
  }

  notesOf(partition: FlowPartition, offset: number): readonly Repair[] {
    return this.notes.get(keyOf(partition, offset)) ?? [];
  }

  /** `orders-3@7 to orders.set-aside-0`, in the order in which they were written. */
  get log(): readonly string[] {
    return this.written.map(
      ({ to, record: { topic, partition, offset } }) => `${topic}-${partition}@${offset} to ${to}`,
    );
  }

  ports(): RepairPorts {
    const topics = [...new Map(this.gaps.map(({ partition }) => [partition.topic, itemOf(partition)])).values()];
    return {
      topics: async () => topics,
      ledger: async (asked) => {
        const names = new Set(asked.map(({ topic }) => topic));
        return this.gaps.filter(({ partition }) => names.has(partition.topic));
      },
      setAside: {
        read: async (partition, offset) => {
          const record = this.stored.get(keyOf(partition, offset));
          return record ? { kind: 'whole', record } : { kind: 'damaged', because: '1 of its 4 parts are there' };
        },
        repairs: async (partition, offset) => this.notesOf(partition, offset),
        noteRepair: async (partition, offset, repair) => {
          if (this.noteFails) throw this.noteFails;
          this.notes.set(keyOf(partition, offset), [...this.notesOf(partition, offset), repair]);
        },
      },
      destination: async () => this.destination,
      sizeOf: ({ value }) => 100 + Buffer.from(value ?? '', 'base64').length,
      write: async (topic, partition, record) => {
        const answer = this.answer(record);
        if (answer instanceof Error) throw answer;
        if (answer !== undefined) return answer;
        const to = `${topic}-${partition}`;
        const offset = this.written.filter((each) => each.to === to).length;
        this.written.push({ to, record });
        return { kind: 'appended', offset };
      },
      now: () => NOW,
    };
  }
}

function keyOf({ topic, partition, generation }: FlowPartition, offset: number): string {
  return `${topic}-${partition} g${generation} @${offset}`;
}

function itemOf({ topic, remoteTopic }: FlowPartition): TopicItem {
  return {
    ...{ version: 1, topic, remoteTopic, generation: 1, sourceTopicId: 'source', targetTopicId: 'target' },
    ...{ partitions: 4, state: 'active', consumerGroup: `causeway.${topic}` },
    ...{ mappingUuid: undefined, drainedAfter: undefined },
  };
}
