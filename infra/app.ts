import { Annotations, App } from 'aws-cdk-lib';
import { CausewayError } from '../shared/flow/errors.ts';
import { readConfiguration } from './configuration.ts';
import { checkProps } from './flow/check-props.ts';
import { RegionStack, regionsOf } from './region-stack.ts';

/** `node infra/app.ts`, run by the CDK: one stack for each region that the configuration names. */
async function main(): Promise<void> {
  const app = new App();
  const context = (name: string): unknown => app.node.tryGetContext(name);
  const local = String(context('local') ?? false) === 'true';
  const prefix = context('prefix');
  const { flows, warnings } = await readConfiguration(String(context('config') ?? 'mm2.properties'));
  const deployed = flows.map((flow) => ({
    ...flow,
    disposable: local,
    ...(prefix !== undefined && { namePrefix: String(prefix) }),
  }));
  const account = process.env.CDK_DEFAULT_ACCOUNT;
  for (const flow of deployed) checkProps(flow, flow.target.region);
  const stacks = regionsOf(deployed).map((region) => {
    const id = [prefix === undefined ? 'Causeway' : `Causeway-${prefix}`, region].join('-');
    return new RegionStack(app, id, { region, flows: deployed, ...(account !== undefined && { env: { account } }) });
  });
  for (const { line, key, message } of warnings)
    for (const stack of stacks.slice(0, 1))
      Annotations.of(stack).addWarningV2(`causeway:${key}`, `line ${line}: ${key}: ${message}`);
}

try {
  await main();
} catch (error) {
  // A fault of the configuration is told in its own words, without the way through the program.
  if (!(error instanceof CausewayError)) throw error;
  console.error(`${error.message}\n${error.safe}\n${error.next}`);
  process.exitCode = 1;
}
