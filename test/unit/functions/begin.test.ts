import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const lines: Record<string, unknown>[] = [];
beforeEach(() => {
  lines.length = 0;
  // In this mode Powertools write to the console that is there, and not to one of their own.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  vi.stubEnv('FLOW', undefined);
  for (const channel of ['log', 'error'] as const)
    vi.spyOn(console, channel).mockImplementation((text) => lines.push(JSON.parse(text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

test.each(['replicate', 'checkpoint', 'heartbeat', 'monitor', 'translate', 'reconcile', 'plan-step'])(
  '%s that is misconfigured says what to do, and is counted, before Lambda ends it',
  { timeout: 60_000 },
  async (name) => {
    await expect(import(`../../../functions/${name}/index.ts`)).rejects.toThrow('FLOW is not set');

    expect(lines).toEqual([
      expect.objectContaining({
        level: 'CRITICAL',
        code: 'FUNCTION_MISCONFIGURED',
        message: expect.stringContaining('FLOW is not set'),
        next: expect.stringContaining('Deploy'),
      }),
      expect.objectContaining({ InvocationsRefused: 1 }),
    ]);
  },
);

test('reconcile, which keeps its flow as text, refuses one of another version in the same way', async () => {
  vi.stubEnv('FLOW', '{"source":{},"target":{}}');
  vi.stubEnv('OFFSET_MAP_TABLE', 'offset-map');
  vi.stubEnv('OFFSET_MAP_REGION', 'us-west-2');
  vi.stubEnv('REPLICATE_FUNCTION', 'replicate');
  const origin = { kind: 'msk', clusterArn: 'arn:aws:kafka:us-east-1:111122223333:cluster/east/0f0f' };
  const settings = { enabled: true, batchSize: 100, batchingWindowSeconds: 0, access: [] };
  vi.stubEnv('MAPPING', JSON.stringify({ origin, settings, start: 'TRIM_HORIZON' }));
  vi.stubEnv('DRAIN_MS', '65000');
  vi.stubEnv('LOOK_EVERY_MS', '10000');
  vi.resetModules();

  await expect(import('../../../functions/reconcile/index.ts')).rejects.toThrow('FLOW not a flow');

  expect(lines).toEqual([
    expect.objectContaining({ level: 'CRITICAL', code: 'FUNCTION_MISCONFIGURED' }),
    expect.objectContaining({ InvocationsRefused: 1 }),
  ]);
});
