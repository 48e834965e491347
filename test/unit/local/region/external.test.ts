import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ZodError } from 'zod';
import type { RegionsAddress } from '../../../../local/region/addresses.ts';
import { externalParts, runningRegions } from '../../../../local/region/external.ts';
import { defaultClusters } from '../../../../local/region/options.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'causeway-external-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('starts everything when nothing is given', () => {
  expect(externalParts(defaultClusters, {})).toEqual({ awsEndpoint: undefined, clusters: [undefined, undefined] });
});

it('takes the clusters that are given, in their places, and starts the others', () => {
  const env = { CAUSEWAY_TARGET_BOOTSTRAP_SERVERS: 'b-1.example.com:9092,b-2.example.com:9092' };

  expect(externalParts(defaultClusters, env).clusters).toEqual([
    undefined,
    {
      alias: 'us-west',
      awsRegion: 'us-west-2',
      arn: 'arn:aws:kafka:us-west-2:000000000000:cluster/us-west/00000000-0000-0000-0000-000000000000-1',
      bootstrapServers: 'b-1.example.com:9092,b-2.example.com:9092',
      brokers: [],
    },
  ]);
});

it('takes the ARN of a given cluster', () => {
  const arn = 'arn:aws:kafka:us-east-1:111122223333:cluster/orders/4a1f1d0c-7d2e-4c3b-9a55-0d7a3a1f7b10-5';
  const env = { CAUSEWAY_SOURCE_BOOTSTRAP_SERVERS: '10.0.0.1:9092', CAUSEWAY_SOURCE_CLUSTER_ARN: arn };

  expect(externalParts(defaultClusters, env).clusters[0]?.arn).toBe(arn);
});

it('takes a given AWS endpoint, but not an empty one', () => {
  expect(externalParts([], { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' }).awsEndpoint).toBe('http://127.0.0.1:4566');
  expect(externalParts([], { AWS_ENDPOINT_URL: '' }).awsEndpoint).toBeUndefined();
});

it('reads the addresses of a run that is up', () => {
  const address: RegionsAddress = { runId: 'a', folder, awsEndpoint: 'http://127.0.0.1:25000', clusters: [] };
  writeFileSync(join(folder, 'region.json'), JSON.stringify(address));

  expect(runningRegions({ CAUSEWAY_REGION: join(folder, 'region.json') })).toEqual(address);
  expect(runningRegions({})).toBeUndefined();
});

it('refuses addresses of another form', () => {
  writeFileSync(join(folder, 'region.json'), '{"clusters": "127.0.0.1:9092"}');

  expect(() => runningRegions({ CAUSEWAY_REGION: join(folder, 'region.json') })).toThrow(ZodError);
});
