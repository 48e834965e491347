import { MultipleErrors } from '@platformatic/kafka';
import { errorName } from '../outcome.ts';

/** The client throws when any part of an answer has an error; the whole answer comes with what it throws. */
export function wholeAnswer<R extends object>(isAnswer: (value: object) => value is R): (error: unknown) => R {
  return (error) => {
    const response: unknown = error instanceof MultipleErrors ? Reflect.get(error, 'response') : undefined;
    if (typeof response === 'object' && response !== null && isAnswer(response)) return response;
    throw error;
  };
}

/** Kafka's name of an error code, or its number where it is newer than we are. */
export function codeOf(errorCode: number): string {
  return errorName(errorCode) ?? `ERROR_${errorCode}`;
}
