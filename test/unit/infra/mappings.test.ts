import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { EAST_ARN, example, SECRET, SELF_MANAGED, template } from './example.ts';

/** What `reconcile` makes its mappings with. */
function mappingOf(rendered: Template): unknown {
  const [resource] = Object.values(rendered.findResources('Custom::CausewayMappings'));
  return JSON.parse(resource?.Properties.mapping);
}

describe('the mappings', () => {
  test('read an MSK cluster by its ARN, with provisioned pollers', () => {
    expect(mappingOf(template(example(), 'us-east-1'))).toEqual({
      origin: { kind: 'msk', clusterArn: EAST_ARN },
      settings: {
        enabled: true,
        batchSize: 10_000,
        batchingWindowSeconds: 0,
        pollers: { minimum: 1, maximum: 10 },
        access: [],
      },
      start: 'TRIM_HORIZON',
    });
  });

  test('share pollers in a group that is named', () => {
    const rendered = template(example({ polling: { pollerGroup: 'flows' } }), 'us-east-1');

    expect(mappingOf(rendered)).toMatchObject({
      settings: { pollers: { minimum: 1, maximum: 10, group: 'flows' } },
    });
  });

  test('read another cluster by its brokers, from the subnets of the flow, with the secret', () => {
    expect(mappingOf(template(example({ source: SELF_MANAGED }), 'us-east-1'))).toMatchObject({
      origin: { kind: 'self-managed', bootstrapServers: ['kafka-1.example:9093', 'kafka-2.example:9093'] },
      settings: {
        access: [
          { type: 'SASL_SCRAM_256_AUTH', uri: SECRET },
          { type: 'VPC_SUBNET', uri: 'subnet:subnet-0e0e0e01' },
          { type: 'VPC_SECURITY_GROUP', uri: 'security_group:sg-0a0a0a0a' },
        ],
      },
    });
  });

  test('are removed before what they need, and the schedule that would make them again goes first', () => {
    const rendered = template(example(), 'us-east-1');
    const [mappings] = Object.keys(rendered.findResources('Custom::CausewayMappings'));
    rendered.hasResource('AWS::Events::Rule', { DependsOn: [mappings] });
    const needed = [
      ...Object.keys(rendered.findResources('AWS::Lambda::Function')),
      ...Object.keys(rendered.findResources('AWS::IAM::Role')),
      ...Object.keys(rendered.findResources('AWS::EC2::SecurityGroup')),
    ];
    rendered.hasResource('Custom::CausewayMappings', {
      DependsOn: Match.arrayWith(needed.toSorted()),
    });
  });

  test('are looked at each minute unless refreshing topics is off', () => {
    template(example(), 'us-east-1').hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(1 minute)',
    });
    template(example({ refreshTopics: false }), 'us-east-1').resourceCountIs('AWS::Events::Rule', 0);
  });
});
