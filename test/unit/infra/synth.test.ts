import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
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
  const types = Object.values<{ Type: string }>(east.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(2);
  expect(types).toContain('Custom::CausewayMappings');
});

test('the faults of a configuration are told in their own words, all at once', () => {
  const path = join(folder, 'faulty.properties');
  writeFileSync(path, CONFIGURATION.replaceAll(/us-(east|west)\.causeway\.cluster\.arn.*\n/g, ''));

  const run = spawnSync(process.execPath, [join(PROJECT, 'infra', 'app.ts')], {
    cwd: PROJECT,
    env: { ...NOBODY, CDK_CONTEXT_JSON: JSON.stringify({ config: path }), CDK_OUTDIR: join(folder, 'faulty') },
    encoding: 'utf8',
  });

  expect(run.status).toBe(1);
  for (const fault of [
    'source.region: is missing',
    'target.region: is missing',
    'source.clusterArn: is needed for IAM',
  ])
    expect(run.stderr).toContain(fault);
  expect(run.stderr).not.toContain('at main');
});
