import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { queryAws } from '../../../../local/region/call-aws.ts';
import { Stack } from '../../event-source-mapping/cloudformation.ts';
import { awsPlace } from '../../event-source-mapping/region.ts';

function stack(name: string): Stack {
  const created = new Stack(name);
  onTestFinished(() => created[Symbol.asyncDispose]());
  return created;
}

/** A dashboard with the states of one alarm, whose ARN CloudFormation fills in. */
function resources(name: string, title: string) {
  const beginning = `{"widgets":[{"type":"alarm","properties":{"title":"${title}","alarms":["`;
  return {
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        ...{ AlarmName: name, Namespace: 'Causeway', MetricName: 'RecordsWaiting', Statistic: 'Maximum', Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold' },
      },
    },
    Dashboard: {
      Type: 'AWS::CloudWatch::Dashboard',
      Properties: {
        DashboardName: name,
        DashboardBody: { 'Fn::Join': ['', [beginning, { 'Fn::GetAtt': ['Alarm', 'Arn'] }, '"]}}]}']] },
      },
    },
  };
}

function dashboard(DashboardName: string): Promise<string> {
  return queryAws('cloudwatch', { Action: 'GetDashboard', Version: '2010-08-01', DashboardName }, awsPlace());
}

it('a dashboard of a stack is in CloudWatch as it is put together, changes with it and goes with it', async () => {
  const name = `t${randomUUID().slice(0, 8)}`;
  const own = stack(name);
  await own.create(resources(name, 'before'));
  const made = await dashboard(name);
  await own.update(resources(name, 'after'));
  const changed = await dashboard(name);
  await own.delete();

  expect(made).toContain('before');
  expect(made).toContain(`:alarm:${name}`);
  expect(changed).toContain('after');
  await expect(dashboard(name)).rejects.toThrow('does not exist');
});

it('one that is no JSON fails its stack', async () => {
  const name = `t${randomUUID().slice(0, 8)}`;

  await expect(stack(name).create(resources(name, '"'))).rejects.toThrow('the body is no dashboard');
});
