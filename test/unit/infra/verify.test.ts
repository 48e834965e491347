import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, test, vi } from 'vitest';
import { defaultAlarmSettings } from '../../../shared/metrics/alarm-settings.ts';
import { flowAlarms } from '../../../shared/metrics/alarms.ts';
import { dashboardIn, functionNames, functionsOn, resourcesIn, shownBy, widgetsOf } from './dashboards.ts';
import { build, EAST, EAST_ARN, example, SECRET, SELF_MANAGED, template, WEST_ARN, WEST_IN_VPC } from './example.ts';
import { kafkaStatements, rightsOf } from './statements.ts';

// The first template that a process renders loads half of the CDK.
vi.setConfig({ testTimeout: 300_000 });

const WEST_REGION = 'us-west-2';
const VERIFIED = example({ verify: {} });
const KEY = 'arn:aws:kms:us-west-2:111122223333:key/0a0a0a0a-1111-2222-3333-444444444444';

describe('a flow whose logs are compared all the time', () => {
  test('has a function for it beside the target, and only where it is wanted', () => {
    const names = (props: Parameters<typeof example>[0], region: string) => functionNames(resourcesIn(region, props));
    const own = 'causeway-us-east-to-us-west-verify';

    expect(names({ verify: {} }, WEST_REGION)).toContain(own);
    for (const region of ['us-east-1', WEST_REGION]) expect(names({}, region)).not.toContain(own);
    expect(names({ verify: {} }, 'us-east-1')).not.toContain(own);
    expect(names({ verify: {}, heartbeatsOnly: true }, WEST_REGION)).not.toContain(own);
    expect(build(VERIFIED, WEST_REGION).flow.targetHalf?.verify?.name).toBe(own);
    expect(build(example(), WEST_REGION).flow.targetHalf?.verify).toBeUndefined();
  });

  test('has what that takes, and is otherwise as it was', () => {
    const [plain, verified] = [resourcesIn(WEST_REGION, {}), resourcesIn(WEST_REGION, { verify: {} })];
    const types = (ids: readonly string[]) => ids.map((id) => verified[id]?.Type).toSorted();
    const ids = Object.keys(verified);

    expect(Object.keys(plain).filter((id) => !(id in verified))).toEqual([]);
    expect(types(ids.filter((id) => !(id in plain)))).toEqual([
      ...['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Alarm', 'AWS::Events::Rule', 'AWS::IAM::Role'],
      ...['AWS::Lambda::EventInvokeConfig', 'AWS::Lambda::Function', 'AWS::Lambda::Permission', 'AWS::Logs::LogGroup'],
    ]);
    // Which show the alarms, and tell of them.
    const isOther = (id: string) => id in plain && JSON.stringify(plain[id]) !== JSON.stringify(verified[id]);
    expect(types(ids.filter(isOther))).toEqual(['AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Dashboard']);
  });

  test.each([
    [undefined, 'rate(15 minutes)'],
    [1, 'rate(1 minute)'],
    [60, 'rate(1 hour)'],
    [1_440, 'rate(1 day)'],
  ])('has it called every %s minutes, and a failed call not made again', (everyMinutes, schedule) => {
    const rendered = template(example({ verify: everyMinutes === undefined ? {} : { everyMinutes } }), WEST_REGION);

    rendered.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: schedule });
    const [rule] = Object.values(
      rendered.findResources('AWS::Events::Rule', { Properties: { ScheduleExpression: schedule } }),
    ).filter(({ Properties }) => Properties.Targets[0].Input === '{"action":"verify"}');
    expect(rule).toBeDefined();
    rendered.resourceCountIs('AWS::Lambda::EventInvokeConfig', 4);
    rendered.allResourcesProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 0 });
  });

  test('looks for its alarm that it runs over as many minutes as it is called after', () => {
    const alarmOf = (everyMinutes: number) =>
      template(example({ verify: { everyMinutes } }), WEST_REGION).hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: 'causeway-us-east-to-us-west-verify-behind',
        ...{ Period: everyMinutes * 60, EvaluationPeriods: 3, DatapointsToAlarm: 3, TreatMissingData: 'breaching' },
      });

    for (const minutes of [1, 15, 1_440]) alarmOf(minutes);
    // CloudWatch looks back a day, or seven where a period is an hour or longer.
    for (const minutes of [1, 59, 60, 1_440]) {
      const { periodMinutes = 0, values = 0 } = flowAlarms(defaultAlarmSettings, minutes)['verify-behind'] ?? {};
      expect(periodMinutes * values).toBeLessThanOrEqual(minutes < 60 ? 1_440 : 7 * 1_440);
    }
  });

  test('shows on its dashboard how far it is', () => {
    const [with_, without] = [{ verify: {} }, {}].map((changes) => dashboardIn(WEST_REGION, changes));
    const metrics = (body: typeof with_) => (body ? shownBy(body).map(({ metric }) => metric) : []);
    const titles = widgetsOf(dashboardIn(WEST_REGION, { verify: {} }), 'metric').map(({ title }) => title);

    for (const metric of ['VerificationLag', 'RecordsVerified', 'RecordsNotTheSame', 'PartitionsUnverified']) {
      expect(metrics(with_)).toContain(metric);
      expect(metrics(without)).not.toContain(metric);
    }
    expect(titles).toContain('Age of the oldest replicated record that is not verified, seconds; alarm above 21,600');
    expect(functionsOn(dashboardIn(WEST_REGION, { verify: {} }), WEST_REGION)).toEqual(
      functionNames(resourcesIn(WEST_REGION, { verify: {} })),
    );
  });
});

describe('rights of verify', () => {
  test('are to read records and settings of topics on both sides', () => {
    const found = kafkaStatements(template(VERIFIED, WEST_REGION), 'Verify');

    expect(found.map(([resource, actions]) => `${resource.split('/').at(-1)}: ${actions.join(' ')}`)).toEqual([
      `${EAST_ARN.split('/').at(-1)}: Connect`,
      '*: DescribeTopic DescribeTopicDynamicConfiguration ReadData',
      `${WEST_ARN.split('/').at(-1)}: Connect`,
      'us-east.*: DescribeTopic DescribeTopicDynamicConfiguration ReadData',
    ]);
  });

  test('are to read the offset map, and to write what is its own in the table and nothing else', () => {
    const rendered = template(VERIFIED, WEST_REGION);
    const ofTable = rightsOf(rendered, 'Verify').filter((right) => right.startsWith('dynamodb:'));
    const [role] = Object.entries(rendered.findResources('AWS::IAM::Role')).filter(([id]) => id.includes('VerifyRole'));
    const statements: { Action: unknown; Condition?: unknown }[] =
      role?.[1].Properties.Policies[0].PolicyDocument.Statement ?? [];

    const table = 'causeway-us-east-to-us-west-offset-map';
    expect(ofTable).toEqual(['GetItem', 'Query', 'PutItem'].map((action) => `dynamodb:${action} ${table}`));
    expect(statements.filter(({ Action }) => Action === 'dynamodb:PutItem').map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#verify'] } },
    ]);
  });

  test('are to log in with what the flow refers to, and no more than that where nothing is IAM’s', () => {
    const source = { ...SELF_MANAGED, referencedArns: { data: [SECRET], admin: [SECRET], besideTarget: [SECRET] } };
    const rendered = template(example({ source, verify: {} }), WEST_REGION);

    const rights = rightsOf(rendered, 'Verify').filter((right) => right.startsWith('secretsmanager:'));
    expect(rights).toHaveLength(1);
    expect(JSON.stringify(kafkaStatements(rendered, 'Verify'))).not.toContain(EAST_ARN);
  });

  test.each([
    ['with IAM', VERIFIED],
    ['in a VPC', example({ verify: {}, source: EAST, target: WEST_IN_VPC })],
    ['with a key of the customer', example({ verify: {}, offsetMapKeyArn: KEY })],
  ])('%s have no finding of cdk-nag that is not explained', (_, props) => {
    const { app } = build(props, WEST_REGION);
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);

    expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
  });
});
