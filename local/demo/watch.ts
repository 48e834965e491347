import { setInterval } from 'node:timers';
import { LATE_TOPIC } from '../applications/traffic.ts';
import { reaches } from './reaches.ts';
import { reportLatencies } from './report.ts';
import { CALM_RATE, followAll, makeTopics, type Scene } from './scene.ts';
import { LiveView } from './view.ts';
import { describeWaiting } from './waiting.ts';

/** Records a second while as many are written as the demo was told. */
const BUSY_RATE = 6_000;

/**
 * Lets the applications write until `records` are acknowledged, and shows it until all of them are on the other side. A third
 * of the way in a topic is made, and written to.
 *
 * @throws Error when nothing comes any more
 */
export async function watch(scene: Scene, records: number): Promise<void> {
  const { applications, copies } = scene;
  const { ledger, writers } = applications;
  const view = new LiveView(console.log);
  let events: string[] = [];
  const show = () => {
    const latenciesMs = copies.latencies.flatMap((each) => each.takeLatest());
    const waiting = describeWaiting(ledger.acknowledgedOf, copies.counts);
    const remarks = [...events, ...(waiting === undefined ? [] : [waiting])];
    const sample = { produced: ledger.acknowledged, replicated: copies.count, latenciesMs };
    view.show(remarks.length > 0 ? { ...sample, event: remarks.join('; ') } : sample);
    events = [];
  };
  const timer = setInterval(show, 1_000);
  try {
    writers.rate = BUSY_RATE;
    await reaches(() => ledger.acknowledged, records / 3, 'written');
    const late = addLateTopic(scene, (event) => events.push(event));
    // Awaited further down.
    late.catch(() => {});
    await reaches(() => ledger.acknowledged, records, 'written');
    writers.rate = CALM_RATE;
    events.push(`${records} are written; ${CALM_RATE} a second from here on`);
    await late;
    await reaches(() => copies.count, ledger.acknowledged, 'copied');
  } finally {
    clearInterval(timer);
  }
  show();
  reportLatencies(copies.latencies, console.log);
}

async function addLateTopic(
  { address, source, applications, copies }: Scene,
  onEvent: (event: string) => void,
): Promise<void> {
  const { name } = LATE_TOPIC;
  await makeTopics(address.clusters, [LATE_TOPIC]);
  onEvent(`topic ${name} made`);
  const began = performance.now();
  applications.writers.start([name]);
  await followAll(copies, source, [name]);
  onEvent(`topic ${source.alias}.${name} is there after ${((performance.now() - began) / 1_000).toFixed(1)} s`);
}
