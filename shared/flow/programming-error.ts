/**
 * Whether an error is a mistake in a program, or a runtime that lacks something: never to be told as a system that does
 * not answer, for asking again puts nothing right.
 */
export function isProgrammingError(error: unknown): boolean {
  return MISTAKES.some((mistake) => error instanceof mistake);
}

const MISTAKES = [TypeError, ReferenceError, RangeError, SyntaxError];
