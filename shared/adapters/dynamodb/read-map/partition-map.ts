import type { SourceOffset, TargetOffset } from '../../../flow/offset.ts';
import type { MapPoint, Translation } from '../../../groups/translation.ts';
import type { Run } from '../../../offsets/head.ts';
import { toSource, toTarget } from '../../../offsets/translate.ts';
import type { HeadFacts } from './head-facts.ts';
import { holdsSource, holdsTarget, type RunWindow } from './run-window.ts';

const NOT_READ = { kind: 'unreadable', code: 'OFFSET_NOT_ASKED_FOR' } as const;

/** The part of a partition's map that was read, and the answers that it gives. */
export class PartitionMap {
  readonly head: HeadFacts;
  readonly #open: Run;
  readonly #windows: readonly RunWindow[];

  constructor(head: HeadFacts, windows: readonly RunWindow[]) {
    this.head = head;
    this.#open = openRunOf(head);
    this.#windows = windows;
  }

  toTarget(asked: SourceOffset): Translation<TargetOffset> {
    const { head } = this;
    if (asked >= head.nextSource) {
      return { kind: 'clamped', offset: head.nextTarget, beyond: asked - head.nextSource };
    }
    if (asked >= this.#open.source) return { kind: 'exact', offset: toTarget([this.#open], head, asked).offset };
    const window = this.#windows.find((each) => holdsSource(each, asked));
    if (!window) return NOT_READ;
    const [first] = window.runs;
    if (asked < first.source && !isFirstEver(first)) return { kind: 'too-old', nearest: pointOf(first) };
    return { kind: 'exact', offset: toTarget(window.runs, head, asked).offset };
  }

  toSource(asked: TargetOffset): Translation<SourceOffset> {
    const { head } = this;
    if (asked >= head.nextTarget) {
      return { kind: 'clamped', offset: head.nextSource, beyond: asked - head.nextTarget };
    }
    if (asked >= this.#open.target) return { kind: 'exact', offset: toSource([this.#open], head, asked).offset };
    const window = this.#windows.find((each) => holdsTarget(each, asked));
    if (!window) return NOT_READ;
    const [first] = window.runs;
    if (asked < first.target) return { kind: 'too-old', nearest: pointOf(first) };
    return { kind: 'exact', offset: toSource(window.runs, head, asked).offset };
  }
}

/** What HEAD holds; where that is nothing, a run of no records, which replication will make longer. */
export function openRunOf({ openRun, nextSource, nextTarget }: HeadFacts): Run {
  return openRun ?? { source: nextSource, target: nextTarget, length: 0 };
}

/** Whether nothing can have been copied before the lowest run that is stored: there is no room for it on the target. */
function isFirstEver({ target }: Run): boolean {
  return target === 0;
}

function pointOf({ source, target }: Run): MapPoint {
  return { source, target };
}
