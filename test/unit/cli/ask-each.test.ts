import { expect, test } from 'vitest';
import { answersOf, type Unasked } from '../../../shared/cli/ask-each.ts';
import { reportError } from '../../../shared/cli/error-report.ts';
import { RegionUnknownError } from '../../../shared/cli/errors.ts';
import { CausewayError } from '../../../shared/flow/errors.ts';

class Unreachable extends CausewayError {
  override readonly code = 'UNREACHABLE';
  override readonly retriable = true;
}

const unreachable = (region: string) =>
  new Unreachable(`${region} does not answer`, { safe: 'Nothing was changed.', next: `Wait for ${region}.` });
const there: Unasked = { flow: 'us-east->us-west', failure: unreachable('us-west-2') };
const back: Unasked = { flow: 'us-west->us-east', failure: unreachable('us-east-1') };

function thrownFor(asked: readonly Unasked[]): unknown {
  try {
    return answersOf(asked);
  } catch (error) {
    return error;
  }
}

test('a flow that cannot be asked stands beside the answers of others', () => {
  const answer = { flow: 'us-west->us-east' };

  expect(answersOf([there, answer])).toEqual({ answers: [answer], unasked: [there] });
});

test('of one flow alone its failure is the error', () => {
  expect(thrownFor([there])).toBe(there.failure);
});

test('where none of several answers, the error names each with its reason, and what to do of each once', () => {
  expect(reportError(thrownFor([there, back]), false)).toEqual({
    code: 'NO_FLOW_ANSWERED',
    exitCode: 4,
    what: 'us-east->us-west: UNREACHABLE: us-west-2 does not answer\nus-west->us-east: UNREACHABLE: us-east-1 does not answer',
    safe: 'Nothing was changed.',
    next: 'Wait for us-west-2. Wait for us-east-1.',
    retriable: true,
  });
});

test('it is worth another try only if each of them is, and ends as one of them would', () => {
  const unknown: Unasked = { flow: 'a->b', failure: new RegionUnknownError('a->b', 'b') };

  expect(reportError(thrownFor([unknown, back]), false)).toMatchObject({ exitCode: 3, retriable: false });
});
