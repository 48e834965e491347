import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { RegionsAddress } from '../local/region/addresses.ts';
import type { StageRecord } from '../shared/runbook/stage.ts';

const located = z.object({ location: z.string() });
const report = z.object({
  outcome: z.string(),
  /** What is to be looked at. */
  improve: z.array(z.string()),
});

export interface RunReport extends z.infer<typeof report> {
  /** `s3://`, of the page. */
  readonly location: string;
}

/** The report of a run, once it was read as the page and as JSON. @throws Error when either is not there */
export async function readReport(
  { clusters: [, target], awsEndpoint = '' }: RegionsAddress,
  stages: readonly StageRecord[],
): Promise<RunReport> {
  const { location } = located.parse(stages.find(({ stage }) => stage === 'report')?.evidence);
  const { hostname: Bucket, pathname } = new URL(location);
  const client = new S3Client({ region: target?.awsRegion ?? '', endpoint: awsEndpoint, forcePathStyle: true });
  const read = async (Key: string) => {
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  };
  const key = pathname.slice(1);
  const [page, json] = await Promise.all([read(key), read(key.replace(/\.html$/, '.json'))]);
  client.destroy();
  if (!page.startsWith('<!doctype html>')) throw new Error(`${location} is no report`);
  return { location, ...report.parse(JSON.parse(json)) };
}
