import { ProtocolError } from '@platformatic/kafka';
import type { CausewayError } from '../../flow/errors.ts';
import { type Doing, explain, isRetriable } from './failure.ts';
import { wholeAnswer } from './groups/answer.ts';
import { errorName } from './outcome.ts';
import { explainTopicRefusal } from './topic-errors.ts';

/** What a broker answers for one of the things that a request was about. */
export interface ItemAnswer {
  /** 0: done */
  readonly errorCode: number;
  readonly errorMessage?: string | null | undefined;
}

/**
 * Deals with what the client throws when anything that was asked for has an error: the answer for the rest comes with it.
 * Throws where there is none, and where asking again may help all that failed.
 */
export function answerOfItems<R extends object>(
  isAnswer: (value: object) => value is R,
  itemsOf: (answer: R) => readonly ItemAnswer[],
): (error: unknown) => R {
  return (error) => {
    const answer = wholeAnswer(isAnswer)(error);
    if (itemsOf(answer).every((item) => item.errorCode === 0 || isPassing(item))) throw error;
    return answer;
  };
}

/** A topic that is not there stays so: who asks has seen it in a listing. */
function isPassing(item: ItemAnswer): boolean {
  return errorName(item.errorCode) !== 'UNKNOWN_TOPIC_OR_PARTITION' && isRetriable(errorOf(item));
}

/** What an item's error means, with its remedy; undefined where there is none. */
export function refusalOf(item: ItemAnswer, doing: Doing): CausewayError | undefined {
  return item.errorCode === 0 ? undefined : explainTopicRefusal(explain(errorOf(item), doing));
}

function errorOf({ errorCode, errorMessage }: ItemAnswer): ProtocolError {
  const name = errorName(errorCode);
  return name === undefined
    ? new ProtocolError('UNKNOWN_SERVER_ERROR', `error ${errorCode}: ${errorMessage ?? ''}`)
    : new ProtocolError(name, errorMessage ?? null);
}
