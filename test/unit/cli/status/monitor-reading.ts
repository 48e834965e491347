import { ClusterUnreachableError } from '../../../../shared/adapters/kafka/errors.ts';
import { FlowReader, type Question, type ReaderPorts } from '../../../../shared/cli/status/flow-reader.ts';
import { assess, type FlowStatus } from '../../../../shared/status/assess.ts';
import { readFlow } from '../../../../shared/status/read-flow.ts';
import type { StoredStatus } from '../../../../shared/status/store.ts';
import { NOW, portsOf, type Scene } from './scene.ts';

const NO_LIMITS = { records: Number.POSITIVE_INFINITY, seconds: Number.POSITIVE_INFINITY };

/** As the function monitor finds it and DynamoDB gives it back. */
export async function keptByMonitor(scene: Scene, secondsAgo: number): Promise<StoredStatus> {
  const ports = { ...portsOf(scene), heartbeatMs: undefined };
  const found = assess(await readFlow(ports, { watches: false }), NO_LIMITS, ports.now());
  const status: FlowStatus = JSON.parse(JSON.stringify(found));
  return { readAt: NOW - secondsAgo * 1_000, status };
}

export const refused = (cluster: string) => () =>
  Promise.reject(new ClusterUnreachableError(cluster, ['9092 refused']));

/** Neither cluster is reached from here. */
export const OUTSIDE = { source: refused('us-east'), target: refused('us-west') };

export function reader(ports: Partial<ReaderPorts>, question: Partial<Question> = {}, scene: Scene = {}): FlowReader {
  const all = { ...portsOf(scene), lastOfMonitor: async () => undefined, lastRun: async () => undefined, ...ports };
  const asked = { limits: { records: 100, seconds: 60 }, patience: {}, stored: false, lastRun: true, ...question };
  return new FlowReader(all, asked);
}
