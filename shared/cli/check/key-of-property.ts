import type { Setting, Settings } from '../../config/setting.ts';
import type { FlowId } from '../../flow/flow.ts';
import type { Remark } from './remark.ts';

/** Properties of a cluster as the constructs call them, the most particular first, and their keys in a file. */
const CLUSTER_KEYS: readonly (readonly [property: string, key: string])[] = [
  ['region', 'causeway.region'],
  ['bootstrapServers', 'bootstrap.servers'],
  ['clusterArn', 'causeway.cluster.arn'],
  ['certificateAuthority.secretArn', 'ssl.truststore.certificates'],
  ['secretArn', 'causeway.secret.arn'],
  ['keyArns', 'causeway.secret.key.arns'],
  ['vpc.vpcId', 'causeway.vpc.id'],
  ['vpc.subnetIds', 'causeway.subnets'],
  ['vpc.securityGroupIds', 'causeway.security.groups'],
  ['vpc', 'causeway.vpc.id'],
  ['brokerSecurityGroupId', 'causeway.broker.security.group'],
  ['encrypted', 'security.protocol'],
  ['authentication', 'causeway.auth'],
];

/** Properties of a flow. */
const FLOW_KEYS: readonly (readonly [property: string, key: string])[] = [
  ['replicate.memoryMb', 'causeway.function.memory.mb'],
  ['replicate.timeoutSeconds', 'causeway.function.timeout.seconds'],
  ['checkpointMemoryMb', 'causeway.checkpoint.memory.mb'],
  ['verify.everyMinutes', 'causeway.verify.interval.minutes'],
  ['runbooks.failoverAfterMinutes', 'causeway.failover.alarm.minutes'],
];

/** Keys that say how to log in, which other properties follow from. */
const LOGINS = ['causeway.auth', 'sasl.mechanism', 'security.protocol'];
const FOLLOW_FROM_LOGIN = [
  'causeway.cluster.arn',
  'causeway.secret.arn',
  'causeway.auth',
  'ssl.truststore.certificates',
];

/** A fault of a construct, `source.clusterArn: is needed for ...`, as one of the file: by its key, and its line. */
export function inWordsOfTheFile(fault: string, { source, target }: FlowId, file: Settings): Remark {
  const flow = `${source}->${target}`;
  const [, end, property, says] = /^(?:(source|target)\.)?([\w.]+): ([\s\S]*)$/.exec(fault) ?? [];
  if (property === undefined || says === undefined) return { flow, says: fault };
  const name = (end === undefined ? FLOW_KEYS : CLUSTER_KEYS).find(([each]) => each === property)?.[1];
  if (name === undefined) return { flow, says: fault };
  const above = end === undefined ? [`${flow}.`, ''] : [`${end === 'source' ? source : target}.`, ''];
  const own = settingOf(name, above, file);
  const key = own?.key ?? `${above[0]}${name}`;
  const login = own === undefined && FOLLOW_FROM_LOGIN.includes(name) ? loginOf(above, file) : undefined;
  const because = login === undefined ? '' : ` (line ${login.line}: ${login.key})`;
  return { ...(own !== undefined && { line: own.line }), key, says: `${plain(says)}${because}` };
}

function settingOf(name: string, prefixes: readonly string[], file: Settings): Setting | undefined {
  return prefixes.map((prefix) => file.get(`${prefix}${name}`)).find((each) => each !== undefined);
}

function loginOf(prefixes: readonly string[], file: Settings): Setting | undefined {
  return LOGINS.map((name) => settingOf(name, prefixes, file)).find((each) => each !== undefined);
}

/** Without the constructs' own words: the key says it already. */
function plain(says: string): string {
  return says
    .replace(/; in a properties file it is .*$/s, '')
    .replaceAll('vpcId', 'causeway.vpc.id')
    .replaceAll('securityGroupIds', 'causeway.security.groups');
}
