import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Arguments } from './arguments.ts';
import { UsageError } from './errors.ts';

type Variables = Readonly<Record<string, string>>;

/** Of a run's `region.json` (docs/local.md), what the AWS clients need. */
const regionFile = z.object({
  awsEndpoint: z.url().optional(),
  clusters: z.array(z.object({ awsRegion: z.string() })),
});

/** Any key will do for the AWS of one machine; real ones are not to be sent there. */
const LOCAL_KEYS: Variables = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

/**
 * Environment variables that point the AWS clients at the endpoint that `--endpoint-url` or `--run` names; none without
 * them, when the clients' own `AWS_ENDPOINT_URL`, profiles and regions hold.
 * @param folder where to look for `.causeway/`, and in the folders above
 * @throws UsageError for a run that is not up
 */
export function awsVariables(args: Arguments, folder: string): Variables {
  const run = args.text('run');
  const endpoint = args.text('endpoint-url');
  if (run === undefined) return endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint };
  const region = readRegion(run, folder);
  const url = endpoint ?? region?.awsEndpoint;
  if (region === undefined || url === undefined)
    throw new UsageError(
      region === undefined ? `no run ${run} is up` : `the run ${run} has no AWS`,
      'npm run local -- status shows the runs that are up.',
    );
  const [cluster] = region.clusters;
  return { AWS_ENDPOINT_URL: url, ...LOCAL_KEYS, ...(cluster !== undefined && { AWS_REGION: cluster.awsRegion }) };
}

function readRegion(run: string, folder: string): z.infer<typeof regionFile> | undefined {
  for (let at = folder; ; at = dirname(at)) {
    try {
      return regionFile.parse(JSON.parse(readFileSync(join(at, '.causeway', 'runs', run, 'region.json'), 'utf8')));
    } catch {
      if (at === dirname(at)) return undefined;
    }
  }
}
