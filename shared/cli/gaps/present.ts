import { counted } from '../../counted.ts';
import type { FlowPartition } from '../../flow/flow.ts';
import type { LedgerEntry } from '../../ledger/entry.ts';
import { describeRepair, type Repair } from '../../ledger/repair/repair.ts';
import { describeTopicPartition } from '../../mm2/topic-partition.ts';
import { type Field, fields, type Page, paragraphs } from '../terminal/page.ts';
import type { FlowGaps, FoundGap } from './read-gaps.ts';

/** Entries that are shown without `--all`, the newest. */
export const SHOWN = 20;

interface Kind {
  readonly is: string;
  /** What can be done. */
  readonly next: string;
  /** What `gaps repair` has to say of it. */
  readonly repair: string;
}

/** What each kind of entry is, and what can be done. */
export const KINDS: Readonly<Record<LedgerEntry['kind'], Kind>> = {
  'retention-gap': {
    is: 'deleted at the source before they were copied',
    next: 'They are lost here unless something else still has them. Give the topic a longer retention, and look at what kept the flow from copying (causeway status, the log of replicate).',
    repair: 'nothing here has them any more',
  },
  quarantine: {
    is: 'set aside: larger than the target takes',
    next: 'causeway gaps repair writes it, byte for byte, to a topic that you name: in the copy it would come after newer records. To have such records copied from now on, raise max.message.bytes of the copy.',
    repair: 'written to a topic that you name',
  },
  'source-divergence': {
    is: 'cut off at the source after they were copied',
    next: 'The source lost them (an unclean election), the target keeps them: what follows them there are the records that took their offsets. Nothing has to be done unless consumers must not see both.',
    repair: 'the copy has them',
  },
  'target-divergence': {
    is: 'lost by the target after they were copied',
    next: 'They are copied again as far as the source still has them. Look at the target: acks, min.insync.replicas and unclean elections.',
    repair: 'the flow copies them again by itself, as far as the source still has them',
  },
};

export function present(page: Page, { flow, topics, gaps }: FlowGaps, all: boolean): string {
  const { bold, bad, good, warning, dim } = page.style;
  const nothing = topics === 0 ? warning('nothing is replicated yet: it has no topic') : good('nothing is missing');
  const title = gaps.length === 0 ? nothing : bad(`${counted(gaps.length, 'range')} in the gap ledger`);
  const head = fields(page, [{ label: bold(flow), lines: [title] }], 0);
  if (gaps.length === 0) return head;
  const shown = all ? gaps : gaps.slice(0, SHOWN);
  const rest = gaps.length - shown.length;
  const more = rest === 0 ? [] : [{ label: dim(`and ${rest} more`), lines: [dim('that are older: --all shows them')] }];
  const kinds = [...new Set(gaps.map(({ entry }) => entry.kind))];
  const advice = kinds.map((kind) => `${KINDS[kind].is}: ${KINDS[kind].next}`);
  return [head, fields(page, [...shown.map(rowOf), ...more]), paragraphs(page, advice)].join('\n\n');
}

/** `orders-3`, and which generation where it is not the only one. */
export function partitionLabel(partition: FlowPartition): string {
  const { generation } = partition;
  return `${describeTopicPartition(partition)}${generation === 1 ? '' : ` (generation ${generation})`}`;
}

/** `repaired to orders.set-aside-0 at offset 17, 2026-03-01T12:00:00.000Z` */
export function repairLabel(repair: Repair): string {
  return `repaired to ${describeRepair(repair)}, ${new Date(repair.at).toISOString()}`;
}

function rowOf({ partition, entry, repairs = [] }: FoundGap): Field {
  const { kind, from, to, at } = entry;
  const where = entry.kind === 'quarantine' ? [`at ${entry.location}`] : [];
  const lost =
    entry.kind === 'target-divergence' ? [`the copy ended at ${entry.logEnd} and not at ${entry.nextTarget}`] : [];
  return {
    label: partitionLabel(partition),
    lines: [
      `offsets ${from} to ${to - 1}, ${counted(to - from, 'offset')}: ${KINDS[kind].is}`,
      `found ${new Date(at).toISOString()}`,
      ...lost,
      ...repairs.map(repairLabel),
      ...where.map((text) => ({ whole: text })),
    ],
  };
}
