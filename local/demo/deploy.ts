import { join } from 'node:path';
import { awsEnvironment, localAccount, type RegionsAddress } from '../region/addresses.ts';
import { packageProgram } from '../setup/program.ts';
import { projectRoot } from '../setup/project.ts';
import { runLogged } from '../setup/steps.mjs';

/** What `cdk` is told beside its verb; the stacks are those that go to AWS. */
export interface Deployment {
  readonly address: RegionsAddress;
  readonly awsEndpoint: string;
  /** Path of the `mm2.properties`. */
  readonly configuration: string;
}

/** Prepares both regions for the CDK, once, as in an AWS account. @throws CommandFailed */
export function bootstrap(deployment: Deployment): Promise<void> {
  const environments = deployment.address.clusters.map(({ awsRegion }) => `aws://${localAccount}/${awsRegion}`);
  return cdk(deployment, 'bootstrap', ['bootstrap', ...environments]);
}

/** `cdk deploy` of every stack of both regions. @throws CommandFailed */
export function deploy(deployment: Deployment): Promise<void> {
  return cdk(deployment, 'deploy', ['deploy', '--all', '--require-approval', 'never', '--concurrency', '2']);
}

function cdk({ address, awsEndpoint, configuration }: Deployment, name: string, args: string[]): Promise<void> {
  const region = address.clusters[0]?.awsRegion ?? 'us-east-1';
  const context = [
    '-c',
    'local=true',
    '-c',
    `config=${configuration}`,
    '--output',
    join(address.folder, `cdk-${name}`),
  ];
  return runLogged(packageProgram('cdklocal'), [...args, ...context], {
    cwd: projectRoot,
    log: join(address.folder, 'logs', `cdk-${name}.log`),
    env: { ...process.env, ...awsEnvironment(awsEndpoint, region), CI: 'true' },
  });
}
