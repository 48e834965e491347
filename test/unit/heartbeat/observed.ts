import type { PulseObserver } from '../../../shared/heartbeat/pulse.ts';
import type { SourceAnswer } from '../../../shared/heartbeat/source-question.ts';

/** An observer of a pulse, and what it was told. */
export function observed() {
  const seen = {
    written: 0,
    failures: [] as unknown[],
    latencies: [] as number[],
    ages: [] as number[],
    unreadable: [] as unknown[],
    answers: [] as boolean[],
    samples: [] as SourceAnswer[],
    unanswered: [] as unknown[],
    endsWritten: 0,
    endsFailures: [] as unknown[],
  };
  const observer: PulseObserver = {
    written: () => seen.written++,
    failed: (error) => seen.failures.push(error),
    arrived: (ms) => seen.latencies.push(ms),
    age: (ms) => seen.ages.push(ms),
    arrivalsUnreadable: (error) => seen.unreadable.push(error),
    probed: ({ answers }) => seen.answers.push(answers),
    sampled: (answer) => seen.samples.push(answer),
    unanswered: (error) => seen.unanswered.push(error),
    endsWritten: () => seen.endsWritten++,
    endsFailed: (error) => seen.endsFailures.push(error),
  };
  return { seen, observer };
}
