import type { PulseObserver } from '../../../shared/heartbeat/pulse.ts';

/** An observer of a pulse, and what it was told. */
export function observed() {
  const seen = {
    written: 0,
    failures: [] as unknown[],
    latencies: [] as number[],
    ages: [] as number[],
    unreadable: [] as unknown[],
    answers: [] as boolean[],
  };
  const observer: PulseObserver = {
    written: () => seen.written++,
    failed: (error) => seen.failures.push(error),
    arrived: (ms) => seen.latencies.push(ms),
    age: (ms) => seen.ages.push(ms),
    arrivalsUnreadable: (error) => seen.unreadable.push(error),
    probed: ({ answers }) => seen.answers.push(answers),
  };
  return { seen, observer };
}
