import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { s3Reports } from '../../../../functions/runbook/reports.ts';
import { RunbookKind, StartedBy } from '../../../../shared/runbook/runbook.ts';
import type { StageRecord } from '../../../../shared/runbook/stage.ts';

const BEGAN = Date.UTC(2030, 0, 2, 3, 4, 5);
const EXECUTION = 'arn:aws:states:us-west-2:123456789012:execution:causeway-failover:one';

const run = {
  kind: RunbookKind.Failover,
  flow: { source: 'us-east', target: 'us-west' },
  way: { from: 'us-east', to: 'us-west' },
  generation: 12,
  execution: EXECUTION,
  dryRun: false,
  startedBy: StartedBy.Alarm,
  reason: 'no heartbeats <for 5 minutes>',
  emergency: true,
};

const promoted: StageRecord = {
  ...{ generation: 12, stage: 'promote', execution: EXECUTION, calls: 1, outcome: 'passed', verdict: 'PASS' },
  ...{ startedAt: BEGAN, endedAt: BEGAN + 90_000, says: 'applications are on us-west', evidence: {}, error: undefined },
};

test('a report is written as JSON and as a page, judged by what the configuration expects', async () => {
  const written = new Map<string, string>();
  const client = {
    send: async (command: unknown) => {
      const { Bucket, Key, Body } = z
        .object({ Bucket: z.string(), Key: z.string(), Body: z.string() })
        .parse(command instanceof PutObjectCommand ? command.input : undefined);
      written.set(`${Bucket}/${Key}`, Body);
    },
  };

  const place = await s3Reports(client, 'reports', { rtoSeconds: 60 }).write(run, [promoted]);

  const name = 'reports/us-east-to-us-west/0000000012-failover';
  expect(place).toBe(`s3://${name}.html`);
  expect([...written.keys()].toSorted()).toEqual([`${name}.html`, `${name}.json`]);
  expect(written.get(`${name}.html`)).toContain('<title>failover us-east to us-west, generation 12</title>');
  expect(written.get(`${name}.html`)).toContain('<th>reason</th><td>no heartbeats &lt;for 5 minutes&gt;</td>');
  expect(JSON.parse(written.get(`${name}.json`) ?? '')).toMatchObject({
    run: { startedBy: 'alarm', reason: 'no heartbeats <for 5 minutes>' },
    rto: { actualSeconds: 90, expectedSeconds: 60 },
    improve: ['applications were moved after 90 s, expected within 60 s'],
  });
});
