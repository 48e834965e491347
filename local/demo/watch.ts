import { setInterval } from 'node:timers';
import { until } from '../region/until.ts';
import type { Application } from './application.ts';
import type { Copies } from './copies.ts';
import { LiveView } from './view.ts';
import { describeWaiting } from './waiting.ts';

/** After the last record: how long nothing may arrive before the demo gives up. */
const STALLED_MS = 60_000;

/**
 * Lets the application run and shows it until everything is on the other side.
 *
 * @param onLateTopic called when the application has made its last topic; ends when that is followed on the other side
 */
export async function watch(
  application: Application,
  copies: Copies,
  records: number,
  onLateTopic: (onEvent: (event: string) => void) => Promise<void>,
): Promise<void> {
  const view = new LiveView(console.log);
  let events: string[] = [];
  let late: Promise<void> = Promise.resolve();
  const show = () => {
    const latenciesMs = copies.latencies.flatMap((each) => each.takeLatest());
    const waiting = describeWaiting(application.produced, copies.counts);
    const remarks = [...events, ...(waiting === undefined ? [] : [waiting])];
    const sample = { produced: application.count, replicated: copies.count, latenciesMs };
    view.show(remarks.length > 0 ? { ...sample, event: remarks.join('; ') } : sample);
    events = [];
  };
  const timer = setInterval(show, 1_000);
  try {
    await application.run(records, (event) => {
      events.push(event);
      late = onLateTopic((text) => events.push(text));
      // Awaited further down.
      late.catch(() => {});
    });
    events.push('all is written: the rest comes over');
    await late;
    let [seen, seenAt] = [copies.count, performance.now()];
    const complete = async () => {
      if (copies.count !== seen) [seen, seenAt] = [copies.count, performance.now()];
      else if (performance.now() - seenAt > STALLED_MS) return true;
      return copies.count >= application.count;
    };
    await until(complete, 10 * STALLED_MS, () => new Error('the copy did not come to an end'));
  } finally {
    clearInterval(timer);
  }
  show();
}
