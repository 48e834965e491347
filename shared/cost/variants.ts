import { MOST_MAPPINGS_IN_GROUP } from '../config/poller-group.ts';
import { type Comparison, compare } from './compare.ts';
import { estimate, type Question } from './estimate.ts';
import type { FlowSettings, Workload } from './workload.ts';

/** Lines of the configuration that would make flows cheaper, and what they take in return. */
export interface Variant {
  readonly lines: readonly string[];
  readonly inReturn: string;
  readonly usdPerMonth: number;
  /** Of the one that saves most alone. */
  readonly comparisons: readonly Comparison[];
}

interface Change {
  readonly lines: readonly string[];
  readonly inReturn: string;
  /** Undefined: the flow is so already, or cannot be. */
  readonly of: (flow: FlowSettings, workload: Workload) => Partial<FlowSettings> | undefined;
}

const windowOf = (seconds: number, words: string): Change => ({
  lines: [`causeway.batching.window.seconds = ${seconds}`],
  inReturn: `records come up to ${words} later`,
  of: ({ batchingWindowSeconds: now }) => (now < seconds ? { batchingWindowSeconds: seconds } : undefined),
});
const SECOND = windowOf(1, 'a second');
const TEN_SECONDS = windowOf(10, 'ten seconds');
const ON_DEMAND: Change = {
  lines: ['causeway.pollers.mode = on-demand'],
  inReturn: 'Lambda follows more traffic within minutes, not seconds',
  of: ({ minimumPollers }) => (minimumPollers === undefined ? undefined : { minimumPollers: undefined }),
};
const GROUP: Change = {
  lines: ['causeway.pollers.group = causeway'],
  inReturn: `topics share the capacity of their pollers, ${MOST_MAPPINGS_IN_GROUP} topics at most`,
  of: ({ minimumPollers, pollerGroup }, { topics }) =>
    minimumPollers === undefined || pollerGroup || topics > MOST_MAPPINGS_IN_GROUP ? undefined : { pollerGroup: true },
};
const NO_TOPICS: Change = {
  lines: ['causeway.metrics.topics ='],
  inReturn: 'no topic has metrics of its own',
  of: ({ topicsMeasured }) => (topicsMeasured === 0 ? undefined : { topicsMeasured: 0 }),
};

const both = (a: Change, b: Change): Change => ({
  lines: [...a.lines, ...b.lines],
  inReturn: `${a.inReturn}, and ${b.inReturn}`,
  of: (flow, workload) => {
    const [first, second] = [a.of(flow, workload), b.of(flow, workload)];
    return first && second && { ...first, ...second };
  },
});

const CHANGES = [
  ...[SECOND, TEN_SECONDS, ON_DEMAND, GROUP, NO_TOPICS],
  ...[both(SECOND, ON_DEMAND), both(TEN_SECONDS, ON_DEMAND), both(SECOND, GROUP)],
];
const MOST = 5;

/** Those that save something, what saves most first. */
export function variantsOf(question: Question): readonly Variant[] {
  const { flows, workload } = question;
  const { usdPerMonth } = estimate(question);
  return CHANGES.filter(({ of }) => flows.some((flow) => of(flow, workload) !== undefined))
    .map(({ lines, inReturn, of }) => {
      const changed = { ...question, flows: flows.map((flow) => ({ ...flow, ...of(flow, workload) })) };
      return { lines, inReturn, changed, usdPerMonth: estimate(changed).usdPerMonth };
    })
    .filter((variant) => variant.usdPerMonth < usdPerMonth)
    .toSorted((a, b) => a.usdPerMonth - b.usdPerMonth)
    .slice(0, MOST)
    .map(({ changed, ...variant }, index) => ({ ...variant, comparisons: index === 0 ? compare(changed) : [] }));
}
