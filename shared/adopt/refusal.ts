import type { Misfit } from './align.ts';
import type { NearestRecord } from './source-index.ts';

/** Why it is not known where MirrorMaker 2 stopped with a partition, or why nothing may be taken over. */
export type Refusal =
  | Misfit
  /** Between two looks the target's end moved. */
  | { readonly kind: 'still-copying'; readonly from: number; readonly to: number }
  /** The target holds records of a transaction that is neither committed nor aborted. */
  | { readonly kind: 'transaction-open'; readonly target: number }
  /** Connect recorded a record that the source has not got to. */
  | { readonly kind: 'source-behind-record'; readonly recorded: number; readonly logEnd: number }
  /** Connect recorded a record as copied that the target does not have. */
  | { readonly kind: 'target-behind-record'; readonly recorded: number; readonly last: number | undefined }
  /** Compaction took what stood at the target's end. */
  | { readonly kind: 'end-compacted' }
  /** The source has records before the first one copied, and nothing says that they were to be left out. */
  | { readonly kind: 'begins-late'; readonly first: number; readonly copied: number }
  /** The source deleted everything that was copied: nothing is left to compare. */
  | { readonly kind: 'source-trimmed'; readonly logStart: number }
  /** There are two answers, by whether records of aborted transactions were copied. */
  | { readonly kind: 'two-answers'; readonly last: readonly number[] }
  | { readonly kind: 'too-much'; readonly records: number; readonly limit: number }
  /** Causeway's map of the partition is behind what MirrorMaker 2 recorded: both have copied. */
  | { readonly kind: 'both-copied'; readonly nextSource: number; readonly recorded: number }
  /** The topic's item is of other topics than those that are there, or `reconcile` is taking it down. */
  | { readonly kind: 'not-ready' }
  /** An event source mapping is there, which began after `due`, for all that is known. */
  | { readonly kind: 'mapping-began-late'; readonly due: number }
  /** The group of the event source mapping has passed records that are not copied. */
  | { readonly kind: 'group-ahead'; readonly due: number; readonly committed: number };

export interface ToldRefusal {
  /** Stable, as an error's. */
  readonly code: string;
  readonly what: string;
  readonly safe: string;
  readonly next: string;
}

const SAFE =
  'Nothing of this partition was taken over, so Causeway copies nothing of it; its records are where they were.';
const ANEW =
  'Start MirrorMaker 2 again, let it run for two flushes of its offsets, stop it and ask again. If it stays so, delete the remote topic and let Causeway copy it from the start.';

const AWAY =
  'Take the topic out of the flow (topics.exclude) and deploy, wait until causeway plan has nothing to do, take it over with --topic, and put it back.';

/** A refusal as people and programs are told of it. */
export function tellRefusal(refusal: Refusal): ToldRefusal {
  const told = (what: string, next: string, safe = SAFE): ToldRefusal => ({ code: codeOf(refusal), what, safe, next });
  switch (refusal.kind) {
    case 'still-copying':
      return told(
        `the target's end moved from ${refusal.from} to ${refusal.to} while it was looked at`,
        'Stop MirrorMaker 2 on every worker, and whoever else writes to the remote topic, and ask again.',
      );
    case 'transaction-open':
      return told(
        `target offset ${refusal.target} is of a transaction that has not ended`,
        'Wait until the broker has ended what MirrorMaker 2 left open (transaction.timeout.ms, 60 s by default), and ask again.',
      );
    case 'source-behind-record':
      return told(
        `Kafka Connect recorded source offset ${refusal.recorded} as copied, and the source ends at ${refusal.logEnd}`,
        'The source topic was made anew, or lost its end, since. Delete the remote topic and let Causeway copy it from the start.',
      );
    case 'target-behind-record':
      return told(
        `Kafka Connect recorded source offset ${refusal.recorded} as copied, and the last copy in the target is of ${refusal.last ?? 'none'}`,
        'The target has lost records, or the remote topic was made anew. Delete it and let Causeway copy it from the start.',
      );
    case 'anchor-differs':
    case 'anchor-again':
    case 'nothing-in-common':
      return told('the records in the target are not those of the source that MirrorMaker 2 says they are', ANEW);
    case 'not-in-source':
      return told(
        `target offset ${refusal.target} holds a record that the source does not have: ${likeness(refusal.nearest)}`,
        `Find out who else wrote to the remote topic, or which transformation changed its records. ${ANEW}`,
      );
    case 'ambiguous':
      return told(`target offset ${refusal.target} may be the copy of more than one record`, ANEW);
    case 'missing':
      return told(
        `source offset ${refusal.source} is not in the target, though later ones are`,
        `Find out who deleted it, or which filter MirrorMaker 2 had. ${ANEW}`,
      );
    case 'end-compacted':
      return told('compaction has removed the record at the end of the target', ANEW);
    case 'begins-late':
      return told(
        `the first record copied is source offset ${refusal.copied}, and the source has records from ${refusal.first} on`,
        `Nothing that MirrorMaker 2 wrote down says that it was to begin there. ${ANEW}`,
      );
    case 'source-trimmed':
      return told(
        `the source begins at ${refusal.logStart} now: what was copied last is no longer there to be compared`,
        ANEW,
      );
    case 'two-answers':
      return told(
        `the last record copied is source offset ${refusal.last.join(' or ')}, by whether MirrorMaker 2 left out aborted transactions`,
        ANEW,
      );
    case 'too-much':
      return told(
        `${refusal.records} records would have to be compared, more than ${refusal.limit}`,
        'Ask again with a larger --max-records (about 300 bytes of memory each).',
      );
    case 'not-ready':
      return told(
        'the topic is registered as another one than is there now, or is being taken out of the flow',
        'Wait until causeway plan has nothing to do for this topic, and ask again.',
      );
    case 'mapping-began-late':
      return told(
        `source offset ${refusal.due} is due, and its event source mapping began later (causeway.start.position)`,
        AWAY,
      );
    case 'group-ahead':
      return told(
        `source offset ${refusal.due} is due, and the group of its event source mapping has committed ${refusal.committed}`,
        AWAY,
      );
    case 'both-copied':
      return told(
        `Causeway goes on at source offset ${refusal.nextSource}, and MirrorMaker 2 recorded ${refusal.recorded} as copied: both have copied`,
        'Stop MirrorMaker 2 for good. What both copied is in the target twice; to be rid of it, delete the remote topic and let Causeway copy it from the start.',
        'Causeway goes on by its own map, which nothing was changed of.',
      );
  }
}

const LIKE: Readonly<Record<NearestRecord['differs'], string>> = {
  timestamp: 'is the same but for its timestamp',
  value: 'has its timestamp and key, and another value or other headers',
  key: 'has its timestamp, and another key',
};

function likeness(nearest: NearestRecord | undefined): string {
  return nearest === undefined
    ? 'none there has its timestamp, or its content'
    : `source offset ${nearest.source} ${LIKE[nearest.differs]}`;
}

/** `still-copying` is `STILL_COPYING`. */
function codeOf({ kind }: Refusal): string {
  return kind.replaceAll('-', '_').toUpperCase();
}
