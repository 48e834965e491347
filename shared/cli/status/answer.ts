import type { Reading } from '../../status/reading.ts';
import { type Asked, answersOf, describeUnasked, isUnasked } from '../ask-each.ts';
import type { Answer } from '../command.ts';
import { ExitCode } from '../exit-code.ts';
import type { Page } from '../terminal/page.ts';
import { present } from './present.ts';

/** What readings of flows come to. @throws CausewayError when no flow could be read */
export function statusAnswer(asked: readonly Asked<Reading>[], all: boolean): Answer {
  const { unasked } = answersOf(asked);
  return {
    exitCode: exitCodeOf(asked),
    json: {
      flows: readingsIn(asked).map((each) => ({ ...each, readAt: new Date(each.readAt).toISOString() })),
      failures: describeUnasked(unasked).json,
    },
    text: (page) => answerText(page, asked, all),
  };
}

export function exitCodeOf(asked: readonly Asked<Reading>[]): ExitCode {
  return asked.some((each) => isUnasked(each) || each.wrong) ? ExitCode.No : ExitCode.Yes;
}

export function answerText(page: Page, asked: readonly Asked<Reading>[], all: boolean): string {
  const failures = describeUnasked(asked.filter(isUnasked));
  return [...readingsIn(asked).map((each) => present(page, each, all)), ...failures.texts(page)].join('\n\n');
}

/** Flows that could not be read, then what is wrong, then what is behind for longest, then by most. */
export function hurtFirst(asked: readonly Asked<Reading>[]): readonly Asked<Reading>[] {
  return [...asked.filter(isUnasked), ...readingsIn(asked)];
}

export function readingsIn(asked: readonly Asked<Reading>[]): readonly Reading[] {
  return asked
    .filter((each): each is Reading => !isUnasked(each))
    .toSorted(
      (a, b) =>
        Number(b.wrong) - Number(a.wrong) || (b.seconds ?? 0) - (a.seconds ?? 0) || (b.records ?? 0) - (a.records ?? 0),
    );
}
