import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { QUICK_START, withClassPath } from './mirror-maker.ts';

const MAIN_CLASS = 'org.apache.kafka.tools.consumer.ConsoleConsumer';
const FORMATTERS = 'org.apache.kafka.connect.mirror.formatters';
const GIVES_UP_AFTER_MS = 30_000;

/**
 * What Kafka's console consumer prints of the first `count` records of a topic.
 * @param formatter one of MirrorMaker 2's
 * @throws Error when there are fewer
 */
export async function printed(
  bootstrapServers: string,
  topic: string,
  formatter: 'HeartbeatFormatter' | 'CheckpointFormatter' | 'OffsetSyncFormatter',
  count: number,
): Promise<readonly string[]> {
  const { java, options } = await withClassPath();
  const what = ['--bootstrap-server', bootstrapServers, '--topic', topic, '--from-beginning'];
  const how = ['--formatter', `${FORMATTERS}.${formatter}`, '--timeout-ms', String(GIVES_UP_AFTER_MS)];
  const run = [QUICK_START, ...options, MAIN_CLASS, ...what, ...how, '--max-messages', String(count)];
  const { stdout, stderr } = await promisify(execFile)(java, run);
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (lines.length < count) throw new Error(`${topic}: ${lines.length} of ${count} records were printed\n${stderr}`);
  return lines;
}
