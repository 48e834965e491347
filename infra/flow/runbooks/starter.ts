import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { RunbookMachine } from './runbook-machine.ts';

const ID = 'Starter';

/** The role under which EventBridge starts a machine; one for all of its rules. */
export function starterOf(machine: RunbookMachine): Role {
  const made = machine.node.tryFindChild(ID);
  if (made instanceof Role) return made;
  const start = new PolicyStatement({ actions: ['states:StartExecution'], resources: [machine.arn] });
  return new Role(machine, ID, {
    assumedBy: new ServicePrincipal('events.amazonaws.com'),
    description: `Causeway: starts ${machine.name} for EventBridge`,
    inlinePolicies: { Start: new PolicyDocument({ statements: [start] }) },
  });
}
