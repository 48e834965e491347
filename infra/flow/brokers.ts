import { Authentication, type FlowCluster } from './props.ts';

/** Distinct ports of a cluster's bootstrap servers; its brokers listen on the same. */
export function brokerPorts(cluster: FlowCluster): readonly number[] {
  const ports = cluster.bootstrapServers.map((server) => Number(server.slice(server.lastIndexOf(':') + 1)));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** The port that MSK gives to each way of logging in (Amazon MSK, port information); public listeners have 100 more. */
const MSK_PORTS: Readonly<Record<Authentication, number | undefined>> = {
  [Authentication.None]: 9092,
  [Authentication.Tls]: 9094,
  [Authentication.MutualTls]: 9094,
  [Authentication.Plain]: undefined,
  [Authentication.Scram256]: undefined,
  [Authentication.Scram512]: 9096,
  [Authentication.Iam]: 9098,
};

/** The port that MSK would use; undefined where MSK has no such way of logging in. */
export function mskPort(cluster: FlowCluster): number | undefined {
  return MSK_PORTS[cluster.authentication ?? Authentication.None];
}
