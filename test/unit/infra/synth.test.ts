// biome-ignore-all lint/suspicious/noTemplateCurlyInString: references look like that
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { unpackVariable } from '../../../shared/adapters/lambda/packed-variable.ts';
import { decodeFlow } from '../../../shared/config/flow-json.ts';
import { EAST_ARN, WEST_ARN } from './example.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const PROJECT = join(import.meta.dirname, '..', '..', '..');
const CONFIGURATION = `
clusters = us-east, us-west
us-east.bootstrap.servers = b-1.east.example:9098
us-west.bootstrap.servers = b-1.west.example:9098
us-east.causeway.auth = iam
us-west.causeway.auth = iam
us-east.causeway.cluster.arn = ${EAST_ARN}
us-west.causeway.cluster.arn = ${WEST_ARN}
us-east.causeway.vpc.id = vpc-0e0e0e0e
us-east.causeway.subnets = subnet-0e0e0e01, subnet-0e0e0e02
us-east->us-west.enabled = true
us-east->us-west.topics = orders.*, payments
`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-synth-'));
  writeFileSync(join(folder, 'mm2.properties'), CONFIGURATION);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** No credentials, no home folder to find any in, and every request to anywhere refused. */
const NOBODY = {
  PATH: `${join(process.execPath, '..')}:${process.env.PATH}`,
  HOME: '/nonexistent',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  AWS_EC2_METADATA_DISABLED: 'true',
};

test('cdk synth needs no AWS account, no credentials and no network', () => {
  const cdk = join(PROJECT, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const output = join(folder, 'out');
  const context = ['-c', `config=${join(folder, 'mm2.properties')}`];
  execFileSync(process.execPath, [cdk, 'synth', '--quiet', '--no-notices', '--output', output, ...context], {
    cwd: PROJECT,
    env: NOBODY,
    stdio: 'pipe',
  });

  const templates = readdirSync(output).filter((name) => name.endsWith('.template.json'));
  expect(templates.toSorted()).toEqual(['Causeway-us-east-1.template.json', 'Causeway-us-west-2.template.json']);
  const east = JSON.parse(readFileSync(join(output, 'Causeway-us-east-1.template.json'), 'utf8'));
  const resources = Object.values<{ Type: string; Properties: { FunctionName: string } }>(east.Resources);
  expect(resources.map(({ Type }) => Type)).toContain('Custom::CausewayMappings');
  const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
  expect(functions.map(({ Properties }) => Properties.FunctionName).toSorted()).toEqual([
    'causeway-us-east-to-us-west-reconcile',
    'causeway-us-east-to-us-west-replicate',
    'causeway-us-west-to-us-east-heartbeat',
  ]);
});

function synthesize(configuration: string, environment: Readonly<Record<string, string>> = {}) {
  const path = join(folder, 'one.properties');
  writeFileSync(path, configuration);
  return spawnSync(process.execPath, [join(PROJECT, 'infra', 'app.ts')], {
    cwd: PROJECT,
    env: {
      ...NOBODY,
      ...environment,
      CDK_CONTEXT_JSON: JSON.stringify({ config: path }),
      CDK_OUTDIR: join(folder, 'assembly'),
    },
    encoding: 'utf8',
  });
}

test('the faults of a configuration are told in their own words, all at once', () => {
  const run = synthesize(CONFIGURATION.replaceAll(/us-(east|west)\.causeway\.cluster\.arn.*\n/g, ''));

  expect(run.status).toBe(1);
  for (const fault of [
    'source.region: is missing',
    'target.region: is missing',
    'source.clusterArn: is needed for IAM',
  ])
    expect(run.stderr).toContain(fault);
  expect(run.stderr).not.toContain('at main');
});

test('what synthesis needs is looked up; a secret in the environment is refused by its line, and is in nothing', () => {
  const referring = `config.providers = env\n${CONFIGURATION.replace('b-1.east.example:9098', '${env:BROKERS}')}`;
  const environment = { BROKERS: 'b-7.east.example:9098', PASSWORD: 'c0rrect-horse' };
  const login = 'us-west.sasl.jaas.config = x.ScramLoginModule required username="u" password="${env:PASSWORD}";';

  const good = synthesize(referring, environment);
  const template = readFileSync(join(folder, 'assembly', 'Causeway-us-east-1.template.json'), 'utf8');
  const bad = synthesize(`${referring}us-west.sasl.mechanism = SCRAM-SHA-512\n${login}`, environment);
  const unset = synthesize(referring);

  expect([good.status, bad.status, unset.status]).toEqual([0, 1, 1]);
  const { FLOW } = JSON.parse(template).Resources[functionOf(template)].Properties.Environment.Variables;
  expect(decodeFlow(unpackVariable(FLOW)).source.data.bootstrapServers).toEqual(['b-7.east.example:9098']);
  expect(bad.stderr).toMatch(
    /one\.properties:15: us-west\.sasl\.jaas\.config = \(hidden\): expected a secret that functions/,
  );
  expect(bad.stderr).toContain('AWS Secrets Manager');
  expect(bad.stderr + bad.stdout).not.toContain(environment.PASSWORD);
  expect(unset.stderr).toMatch(/one\.properties:4: .*\$\{env:BROKERS\} to be found.*: the variable is not set/);
});

function functionOf(template: string): string {
  const resources: Record<string, { Type: string }> = JSON.parse(template).Resources;
  return Object.keys(resources).find((id) => resources[id]?.Type === 'AWS::Lambda::Function') ?? '';
}

test('without a configuration, the app says what is missing, and not where in the program', () => {
  const run = spawnSync(process.execPath, [join(PROJECT, 'infra', 'app.ts')], {
    cwd: mkdtempSync(join(folder, 'empty-')),
    env: NOBODY,
    encoding: 'utf8',
  });

  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/^there is no file \S+\n/);
  expect(run.stderr).not.toContain('    at ');
});
