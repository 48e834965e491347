import { Stack, Token } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** One security group let in at brokers of another, on one port. */
export interface BrokerDoor {
  readonly groupId: string;
  readonly callerGroupId: string;
  readonly port: number;
  readonly description: string;
}

/**
 * Opens a door. EC2 takes no rule twice: one between two groups that are there already belongs to the stack, whose
 * flows share it.
 * @param id of a door that is this scope's alone
 */
export function openDoor(scope: Construct, id: string, door: BrokerDoor): CfnSecurityGroupIngress {
  const { groupId, callerGroupId, port, description } = door;
  const rule = {
    groupId,
    sourceSecurityGroupId: callerGroupId,
    ipProtocol: 'tcp',
    fromPort: port,
    toPort: port,
    description,
  };
  if (Token.isUnresolved(callerGroupId)) return new CfnSecurityGroupIngress(scope, id, rule);
  const stack = Stack.of(scope);
  const shared = `Door-${groupId}-${callerGroupId}-${port}`;
  const there = stack.node.tryFindChild(shared);
  if (there instanceof CfnSecurityGroupIngress) return there;
  return new CfnSecurityGroupIngress(stack, shared, {
    ...rule,
    description: 'Causeway: functions or pollers of flows',
  });
}
