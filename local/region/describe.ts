import { join } from 'node:path';
import { ExitCode } from '../../shared/cli/exit-code.ts';
import { CausewayError } from '../../shared/flow/errors.ts';
import { CommandFailed } from '../setup/steps.mjs';
import { awsEnvironment, type RegionsAddress, type SecuredAddress } from './addresses.ts';
import { UsageFault } from './errors.ts';

/** What a person needs to reach a run. */
export function describeRegions({ runId, folder, awsEndpoint, clusters }: RegionsAddress): string {
  const lines = clusters.flatMap(({ alias, awsRegion, bootstrapServers, arn, secured }) => [
    `${alias} (${awsRegion})`,
    `  bootstrap servers  ${bootstrapServers}`,
    ...(secured ? describeSecured(secured) : []),
    `  cluster ARN        ${arn}`,
  ]);
  const aws = awsEndpoint === undefined ? [] : ['AWS, every region', ...exports(awsEndpoint, clusters[0]?.awsRegion)];
  return [
    `Run ${runId}`,
    ...lines,
    ...aws,
    `Addresses  ${join(folder, 'region.json')}`,
    `Logs       ${join(folder, 'logs')}`,
  ].join('\n');
}

/** A failure as a person is to read it; only one that nobody foresaw comes with its stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof CausewayError) return `${error.message}\n\n${error.next}\n${error.safe}`;
  if (error instanceof CommandFailed) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** As the `causeway` command has it. */
export function exitCodeOf(error: unknown): ExitCode {
  return error instanceof UsageFault ? ExitCode.Usage : ExitCode.No;
}

function describeSecured({ saslBootstrapServers, tlsBootstrapServers, owner, users }: SecuredAddress): string[] {
  return [
    `  SASL_SSL           ${saslBootstrapServers}`,
    `  TLS                ${tlsBootstrapServers}`,
    ...[owner, ...users].map(({ username, password }) => `  user and password  ${username} ${password}`),
  ];
}

function exports(awsEndpoint: string, awsRegion = 'us-east-1'): string[] {
  return Object.entries(awsEnvironment(awsEndpoint, awsRegion)).map(([name, value]) => `  export ${name}=${value}`);
}
