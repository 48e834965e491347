import type { Flow } from '../config/flow-schema.ts';
import { CausewayError } from '../flow/errors.ts';
import { flowName, flowOf } from '../flow/flow.ts';
import { TopicNotInFlowError } from '../ledger/asked-topics.ts';
import { describeError, reportError } from './error-report.ts';
import { NoFlowAnsweredError } from './errors.ts';
import type { Page } from './terminal/page.ts';

/** A flow that could not be asked, and why. */
export interface Unasked {
  readonly flow: string;
  readonly failure: CausewayError;
}

export type Asked<T> = T | Unasked;

/** Asks all flows at once. One that cannot be asked leaves the others their answers. */
export function askEach<T>(flows: readonly Flow[], ask: (flow: Flow) => Promise<T>): Promise<readonly Asked<T>[]> {
  return Promise.all(
    flows.map(async (flow) => {
      try {
        return await ask(flow);
      } catch (failure) {
        if (!(failure instanceof CausewayError)) throw failure;
        return { flow: flowName(flowOf(flow)), failure };
      }
    }),
  );
}

export function isUnasked(asked: object): asked is Unasked {
  return 'failure' in asked;
}

/** Flows that could not be asked, as people and programs are told of them. */
export function describeUnasked(unasked: readonly Unasked[]) {
  const reports = unasked.map(({ flow, failure }) => ({ flow, error: reportError(failure, false) }));
  return {
    json: reports,
    texts: (page: Page) => reports.map(({ flow, error }) => `${page.style.bold(flow)}\n${describeError(page, error)}`),
  };
}

/** Without the flows that have no such topic, where another one answers. */
export function havingTopic<T extends object>(asked: readonly Asked<T>[]): readonly Asked<T>[] {
  const answers = asked.some((each) => !isUnasked(each));
  return asked.filter((each) => !answers || !isUnasked(each) || !(each.failure instanceof TopicNotInFlowError));
}

/** @throws CausewayError where none could be asked: its own where there is one flow, NoFlowAnsweredError of several */
export function answersOf<T extends object>(
  asked: readonly Asked<T>[],
): { readonly answers: readonly T[]; readonly unasked: readonly Unasked[] } {
  const unasked = asked.filter(isUnasked);
  const answers = asked.filter((each): each is T => !isUnasked(each));
  const [first, ...others] = unasked;
  if (answers.length === 0 && first !== undefined)
    throw others.length === 0 ? first.failure : new NoFlowAnsweredError([first, ...others]);
  return { answers, unasked };
}
