import { join } from 'node:path';
import { awsEnvironment, localAccount, type RegionsAddress } from '../region/addresses.ts';
import { RUN_VARIABLE } from '../region/process-group.ts';
import { temporaryFolderOf } from '../region/run-folder.ts';
import { packageProgram } from '../setup/program.ts';
import { projectRoot } from '../setup/project.ts';
import { runLogged, step } from '../setup/steps.mjs';
import { bootstrapProgress, deployProgress, outputSoFar } from './deploy-progress.ts';

/** What `cdk` is told beside its verb; the stacks are those that go to AWS. */
export interface Deployment {
  readonly address: RegionsAddress;
  readonly awsEndpoint: string;
  /** Path of the `mm2.properties`. */
  readonly configuration: string;
}

/** Prepares both regions for the CDK, once, as in an AWS account. @throws CommandFailed */
export function bootstrap(deployment: Deployment): Promise<void> {
  const { clusters } = deployment.address;
  const environments = clusters.map(({ awsRegion }) => `aws://${localAccount}/${awsRegion}`);
  const log = logOf(deployment, 'bootstrap');
  return step(
    'cdk bootstrap, both regions',
    () => cdk(deployment, 'bootstrap', environments),
    () => bootstrapProgress(outputSoFar(log), clusters.length),
  );
}

/** `cdk deploy` of every stack of both regions. @throws CommandFailed */
export function deploy(deployment: Deployment): Promise<void> {
  const log = logOf(deployment, 'deploy');
  return step(
    'cdk deploy, both regions',
    () => cdk(deployment, 'deploy', ['--all', '--require-approval', 'never', '--concurrency', '2']),
    () => deployProgress(outputSoFar(log)),
  );
}

type Verb = 'bootstrap' | 'deploy';

function cdk(deployment: Deployment, verb: Verb, args: readonly string[]): Promise<void> {
  const { address, awsEndpoint, configuration } = deployment;
  const region = address.clusters[0]?.awsRegion ?? 'us-east-1';
  const context = ['-c', 'local=true', '-c', `config=${configuration}`];
  const output = ['--output', join(address.folder, `cdk-${verb}`)];
  return runLogged(packageProgram('cdklocal'), [verb, ...args, ...context, ...output], {
    cwd: projectRoot,
    log: logOf(deployment, verb),
    env: {
      ...process.env,
      ...awsEnvironment(awsEndpoint, region),
      CI: 'true',
      TMPDIR: temporaryFolderOf(address.folder),
      // A machine that is not AWS is not to be counted, and the attempt leaves files when it is interrupted.
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // With the run's mark it ends with the run, and writes nothing into a folder that has been removed.
      [RUN_VARIABLE]: address.runId,
    },
  });
}

function logOf({ address }: Deployment, verb: Verb): string {
  return join(address.folder, 'logs', `cdk-${verb}.log`);
}
