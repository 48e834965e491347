import kafkajs from 'kafkajs';
import { afterEach, expect, test, vi } from 'vitest';
import { openMirrorClient } from '../../../../shared/client/kafkajs/open.ts';

/** Port 1 has no broker. */
const nobody = { brokers: ['127.0.0.1:1'], retry: { retries: 1, initialRetryTime: 1 } };

afterEach(() => vi.restoreAllMocks());

function written() {
  const lines: unknown[] = [];
  for (const method of ['error', 'warn', 'info', 'log'] as const)
    vi.spyOn(console, method).mockImplementation((line) => lines.push(line));
  return lines;
}

test('a cluster that does not answer is told once, by the error', { timeout: 30_000 }, async () => {
  const lines = written();

  await expect(openMirrorClient({ kafka: nobody }).remoteTopics()).rejects.toMatchObject({
    code: 'CLUSTER_UNAVAILABLE',
    message: expect.stringContaining('ECONNREFUSED'),
  });
  expect(lines).toEqual([]);
});

test('kafkajs logs for whoever asks it to', { timeout: 30_000 }, async () => {
  const lines = written();

  const asked = { ...nobody, logLevel: kafkajs.logLevel.ERROR };
  await expect(openMirrorClient({ kafka: asked }).remoteTopics()).rejects.toMatchObject({
    code: 'CLUSTER_UNAVAILABLE',
  });
  expect(lines.length).toBeGreaterThan(0);
});
