import type { Template } from 'aws-cdk-lib/assertions';

/** Everything that the roles of a template allow. */
export function actionsOf(rendered: Template): string[] {
  const roles = Object.values(rendered.findResources('AWS::IAM::Role'));
  const statements = roles.flatMap((role) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
}

/** What the role of one function allows, `action resource` each, with the resource's end alone. */
export function rightsOf(rendered: Template, name: string): string[] {
  const roles = Object.entries(rendered.findResources('AWS::IAM::Role'));
  const statements = roles
    .filter(([id]) => id.includes(`${name}Role`))
    .flatMap(([, role]) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap((action) => [Resource].flat().map((resource) => `${action} ${endOf(resource)}`)),
  );
}

function endOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  return text.slice(text.lastIndexOf('/') + 1).replaceAll(/[\]"}]/g, '');
}

/** `kafka-cluster:` actions of one function's role, each with the resource's end. */
export function kafkaStatements(rendered: Template, name: string): [string, string[]][] {
  const roles = Object.entries(rendered.findResources('AWS::IAM::Role'));
  const statements = roles
    .filter(([id]) => id.includes(`${name}Role`))
    .flatMap(([, role]) => role.Properties.Policies[0].PolicyDocument.Statement);
  return statements
    .map(({ Action, Resource }): [string, string[]] => [
      String(Resource).split(':').slice(3).join(':'),
      [Action].flat().flatMap((action: string) => (action.startsWith('kafka-cluster:') ? [action.slice(14)] : [])),
    ])
    .filter(([, actions]) => actions.length > 0);
}
