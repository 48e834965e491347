import type { Cluster } from './configuration.ts';
import type { Flow } from './flow-schema.ts';
import type { Report } from './report.ts';
import type { SettingReader } from './setting-reader.ts';

const PROPERTY = 'causeway.lambda.consumers';

/** A function's name, or its ARN; each may end with an alias (Lambda API reference, `FunctionName`). */
const FUNCTION = /^(?:arn:[a-z-]+:lambda:(?<region>[a-z0-9-]+):\d{12}:function:)?[\w-]{1,64}(?::[\w-]{1,128})?$/;

type Pair = Flow['lambdaConsumers'][number];

/**
 * Functions of the users' own that consume beside either cluster: one name for both regions, or two, the source's first. A
 * single ARN stands for the function of that name in the other region too; two ARNs tell by themselves which is whose.
 */
export function readLambdaConsumers(
  read: SettingReader,
  source: Cluster,
  target: Cluster,
  report: Report,
): Flow['lambdaConsumers'] {
  const at = read.at(PROPERTY);
  if (at === undefined) return [];
  const [here, there] = [source.aws.region, target.aws.region];
  return read.list(PROPERTY).flatMap((item): Pair[] => {
    const names = item.split('->').map((name) => name.trim());
    const [first = '', second] = names;
    if (names.length > 2 || !names.every(isFunctionName)) {
      report.fault(at, 'names or ARNs of functions, or pairs of them: billing, fraud-east->fraud-west');
      return [];
    }
    // At top level it holds for the flow that comes back too, and its source is the other one.
    if (second !== undefined && at.key === PROPERTY && !(regionOf(first) && regionOf(second))) {
      report.fault(at, `${item} to be said of one flow: ${source.alias}->${target.alias}.${PROPERTY}`);
      return [];
    }
    const pair = second === undefined ? inBoth(first, here, there) : inOrder({ source: first, target: second }, there);
    for (const [name, region] of [[pair.source, here] as const, [pair.target, there] as const])
      if (region !== undefined && (regionOf(name) ?? region) !== region)
        report.fault(at, `a function in ${region}, not ${name}`);
    return [pair];
  });
}

export function isFunctionName(name: string): boolean {
  return FUNCTION.test(name);
}

function regionOf(name: string): string | undefined {
  return FUNCTION.exec(name)?.groups?.region;
}

function inOrder({ source, target }: Pair, there: string | undefined): Pair {
  const isTurned = there !== undefined && regionOf(source) === there && regionOf(target) !== there;
  return isTurned ? { source: target, target: source } : { source, target };
}

function inBoth(name: string, here: string | undefined, there: string | undefined): Pair {
  const region = regionOf(name);
  if (region === undefined || here === undefined || there === undefined || ![here, there].includes(region))
    return { source: name, target: name };
  const within = (other: string) => name.replace(`:${region}:`, `:${other}:`);
  return { source: within(here), target: within(there) };
}
