import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { RegionStack } from '../../../infra/region-stack.ts';
import { build, EAST, example, newApp, SELF_MANAGED, template, WEST, WEST_ARN, WEST_IN_VPC } from './example.ts';

const EU_ARN = WEST_ARN.replace('us-west-2', 'eu-west-1');

describe('the network', () => {
  test('opens the brokers to the functions and to the pollers, on the brokers’ port alone', () => {
    const rendered = template(example(), 'us-east-1');
    const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => [Properties.GroupId, Properties.FromPort, Properties.ToPort])).toEqual([
      ['sg-0e0e0e0e', 9098, 9098],
      ['sg-0e0e0e0e', 9098, 9098],
    ]);
    rendered.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ FromPort: 9098 }), Match.objectLike({ FromPort: 443 })],
    });
  });

  test("opens the target's brokers to the functions, too, in the region of the functions", () => {
    const { clusterArn: _, ...target } = {
      ...WEST,
      authentication: 'none' as const,
      brokerSecurityGroupId: 'sg-0f0f0f0f',
    };
    const doors = (region: string) => {
      const rendered = template(example({ target: { ...target, region } }), 'us-east-1');
      const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
      return rules.map(({ Properties: { GroupId, SourceSecurityGroupId } }) => [GroupId, typeof SourceSecurityGroupId]);
    };

    expect(doors('us-west-2')).not.toContainEqual(['sg-0f0f0f0f', expect.anything()]);
    expect(doors('us-east-1')).toContainEqual(['sg-0f0f0f0f', 'object']);
    expect(doors('us-east-1')).not.toContainEqual(['sg-0f0f0f0f', 'string']);
  });

  test('has one door between two groups, however many halves of flows go through it', () => {
    const [east, west] = [EAST, WEST].map((cluster, i) => ({
      ...cluster,
      brokerSecurityGroupId: `sg-0${i}0${i}0${i}0${i}`,
      vpc: { vpcId: `vpc-${i}`, subnetIds: [`subnet-${i}`], securityGroupIds: [`sg-0${i}0${i}ffff`] },
    }));
    if (!east || !west) throw new Error('two clusters');
    const flows = [
      example({ source: east, target: west }),
      example({ flow: { source: 'us-west', target: 'us-east' }, source: west, target: east }),
      example({
        flow: { source: 'us-east', target: 'eu' },
        source: east,
        target: { ...WEST, region: 'eu-west-1', clusterArn: EU_ARN },
      }),
    ];
    const rendered = Template.fromStack(
      new RegionStack(newApp(), 'Causeway-us-east-1', { region: 'us-east-1', flows }),
    );
    const doors = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties: p }) =>
      [p.SourceSecurityGroupId, p.GroupId, p.FromPort].join(' '),
    );
    expect(doors.toSorted()).toEqual(['sg-00000000 sg-00000000 9098', 'sg-0000ffff sg-00000000 9098']);
    const mappings = Object.values(rendered.findResources('Custom::CausewayMappings'));
    for (const { DependsOn } of mappings)
      expect(DependsOn.filter((id: string) => id.startsWith('Door'))).toHaveLength(2);
  });

  test('beside the target opens its brokers to its functions, and to no pollers', () => {
    const rendered = template(example({ target: WEST_IN_VPC }), 'us-west-2');
    const rules = Object.values(rendered.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules.map(({ Properties }) => [Properties.GroupId, Properties.FromPort])).toEqual([['sg-0f0f0f0f', 9098]]);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: { SubnetIds: ['subnet-0f0f0f01'] } });
  });

  test('given groups are used as they are', () => {
    const rendered = template(example({ source: SELF_MANAGED }), 'us-east-1');
    rendered.resourceCountIs('AWS::EC2::SecurityGroup', 0);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: { SecurityGroupIds: ['sg-0a0a0a0a'] } });
  });

  test('without a VPC there is no network, and a warning', () => {
    const { vpc: _, ...outside } = EAST;
    const { stack } = build(example({ source: outside }), 'us-east-1');
    const rendered = Template.fromStack(stack);
    rendered.allResourcesProperties('AWS::Lambda::Function', { VpcConfig: Match.absent() });
    Annotations.fromStack(stack).hasWarning('*', Match.stringLikeRegexp('reach only brokers with public addresses'));
  });
});
