import { randomUUID } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Stack as CdkStack, CfnOutput } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { runDry } from '../../../infra/flow/runbooks/dry-runs.ts';
import { makeReportBucket } from '../../../infra/flow/runbooks/report-bucket.ts';
import { RunbookMachine } from '../../../infra/flow/runbooks/runbook-machine.ts';
import { type Regions, startRegions } from '../../../local/region/regions.ts';
import { RunbookKind } from '../../../shared/runbook/runbook.ts';
import { stagesOf } from '../../../shared/runbook/stages.ts';
import { Stack } from '../event-source-mapping/cloudformation.ts';
import { ScriptedFunction } from './scripted-function.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

/** An hour of a schedule then lasts three seconds. */
const MINUTE_S = 0.05;
const REGION = 'us-west-2';
const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };

let regions: Regions;
const resources = new AsyncDisposableStack();
beforeAll(async () => {
  regions = await startRegions({ clusters: [], awsSettings: { CAUSEWAY_SCHEDULE_MINUTE_S: String(MINUTE_S) } });
});
afterAll(async () => {
  await resources[Symbol.asyncDispose]();
  await regions?.stop();
});

/** One runbook of the flow's target half, with what it stands beside. */
function synthesized(name: string, functionArn: string) {
  const app = new App();
  const stack = new CdkStack(app, name, { env: { account: '000000000000', region: REGION } });
  const called = LambdaFunction.fromFunctionArn(stack, 'Function', functionArn);
  const machine = new RunbookMachine(stack, 'Failover', {
    ...{ kind: RunbookKind.Failover, name, description: 'a test', approval: 'required' as const },
    ...{ function: called, logRetention: RetentionDays.ONE_DAY },
  });
  runDry(machine, 1, 'a test');
  const reports = makeReportBucket(stack, {
    ...{ disposable: true, configuration: '', flow: { source: 'a', target: 'b' } },
    ...{ source: { region: REGION, bootstrapServers: [] }, target: { region: REGION, bootstrapServers: [] } },
  });
  new CfnOutput(stack, 'Reports', { value: reports.bucketName });
  const { Resources, Outputs } = Template.fromStack(stack).toJSON();
  return { Resources, Outputs };
}

it('A deployed runbook is run dry by its schedule, and goes with its stack, reports and all', async () => {
  const client = { endpoint: regions.awsEndpoint, region: REGION, credentials: CREDENTIALS };
  const lambda = new LambdaClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  resources.defer(() => {
    lambda.destroy();
    s3.destroy();
  });
  const name = `deployed-${randomUUID().slice(0, 8)}`;
  const fn = resources.use(await ScriptedFunction.create(lambda, name));
  const place = { awsEndpoint: regions.awsEndpoint, cluster: { awsRegion: REGION } };
  const stack = resources.use(new Stack(name, place));
  const { Resources, Outputs } = synthesized(name, fn.arn);

  await stack.create(Resources, Outputs);

  const concluded = await fn.next(({ stage }) => stage === 'conclude');
  expect(concluded).toMatchObject({ runbook: 'failover', dryRun: true, reason: 'by schedule', stops: [] });
  const stages = stagesOf(RunbookKind.Failover).flatMap(({ name: stage }) => (stage === 'approve' ? [] : [stage]));
  expect(fn.stagesOf(concluded.execution)).toEqual([...stages, 'conclude']);

  const Bucket = await stack.output('Reports');
  await s3.send(new PutObjectCommand({ Bucket, Key: 'drill/1.json', Body: '{}' }));
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(1);

  await stack.delete();
  await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toThrow(/does not exist/);
});
