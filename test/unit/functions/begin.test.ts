import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packVariable } from '../../../shared/adapters/lambda/packed-variable.ts';

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

const FUNCTIONS = [
  ...['replicate', 'checkpoint', 'heartbeat', 'monitor', 'translate', 'verify', 'reconcile', 'runbook', 'plan-step'],
];

test.each(FUNCTIONS)(
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

test.each(FUNCTIONS)(
  'a start of %s that fails is counted as its flow’s, whose alarm looks at no other',
  { timeout: 60_000 },
  async (name) => {
    vi.stubEnv('FLOW', packVariable('{"source":{"alias":"us-east"},"target":{"alias":"us-west"}}'));
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', name);
    vi.resetModules();

    await expect(import(`../../../functions/${name}/index.ts`)).rejects.toThrow('FLOW not a flow');

    expect(lines.at(-1)).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Namespace: 'Causeway', Dimensions: [['service', 'Flow']] }] },
      ...{ service: name, Flow: 'us-east->us-west', InvocationsRefused: 1 },
    });
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
