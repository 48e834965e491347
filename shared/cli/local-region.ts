import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
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

/** A local run that is up. */
interface LocalRun {
  readonly folder: string;
  readonly region: z.infer<typeof regionFile>;
}

/**
 * Environment variables that point the AWS clients at the endpoint that `--endpoint-url` or `--run` names; none without
 * them, when the clients' own `AWS_ENDPOINT_URL`, profiles and regions hold.
 * @param folder where to look for `.causeway/`, and in the folders above
 * @throws UsageError for a run that is not up, and what is no URL
 */
export function awsVariables(args: Arguments, folder: string): Variables {
  const id = args.text('run');
  const endpoint = endpointOf(args);
  if (id === undefined) return endpoint === undefined ? {} : { AWS_ENDPOINT_URL: endpoint };
  const { region } = runOf(id, folder);
  const url = endpoint ?? region.awsEndpoint;
  if (url === undefined) throw noRun(`the run ${id} has no AWS`);
  const [cluster] = region.clusters;
  return { AWS_ENDPOINT_URL: url, ...LOCAL_KEYS, ...(cluster !== undefined && { AWS_REGION: cluster.awsRegion }) };
}

function endpointOf(args: Arguments): string | undefined {
  const endpoint = args.text('endpoint-url');
  if (endpoint !== undefined && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? ''))
    throw new UsageError(`--endpoint-url ${endpoint} is no URL`, 'Write it as http://127.0.0.1:4566.');
  return endpoint;
}

/**
 * The configuration of the run that `--run` names, relative to `folder`; undefined where it has none.
 * @throws UsageError for a run that is not up
 */
export function fileOfRun(args: Arguments, folder: string): string | undefined {
  const id = args.text('run');
  if (id === undefined) return undefined;
  const file = join(runOf(id, folder).folder, 'mm2.properties');
  return existsSync(file) ? relative(folder, file) : undefined;
}

function runOf(id: string, folder: string): LocalRun {
  for (let at = folder; ; at = dirname(at)) {
    const run = join(at, '.causeway', 'runs', id);
    try {
      return { folder: run, region: regionFile.parse(JSON.parse(readFileSync(join(run, 'region.json'), 'utf8'))) };
    } catch {
      if (at === dirname(at)) throw noRun(`no run ${id} is up`);
    }
  }
}

function noRun(what: string): UsageError {
  return new UsageError(what, 'npm run local -- status shows the runs that are up.');
}
