import {
  type MappingOrigin,
  type MappingSettings,
  type SourceAccess,
  SourceAccessType,
  StartPosition,
} from '../../shared/reconcile/mapping.ts';
import type { FlowNetwork } from './network.ts';
import { Authentication, type FlowCluster, type ReplicationFlowProps } from './props.ts';

const DEFAULT_MAXIMUM_POLLERS = 10;

const SECRET_TYPES: Partial<Record<Authentication, SourceAccessType>> = {
  [Authentication.Plain]: SourceAccessType.Plain,
  [Authentication.Scram256]: SourceAccessType.Scram256,
  [Authentication.Scram512]: SourceAccessType.Scram512,
  [Authentication.MutualTls]: SourceAccessType.ClientCertificate,
};

/** What `reconcile` makes every mapping of the flow with. */
export interface MappingTemplate {
  readonly origin: MappingOrigin;
  readonly settings: MappingSettings;
  readonly start: StartPosition;
}

/** The MSK form where the source has a cluster ARN, else the self-managed one from the flow's own subnets. */
export function mappingTemplate(props: ReplicationFlowProps, network: FlowNetwork | undefined): MappingTemplate {
  const { source, polling = {} } = props;
  const { minimumPollers = 1, maximumPollers = Math.max(DEFAULT_MAXIMUM_POLLERS, minimumPollers) } = polling;
  return {
    origin:
      source.clusterArn === undefined
        ? { kind: 'self-managed', bootstrapServers: source.bootstrapServers }
        : { kind: 'msk', clusterArn: source.clusterArn },
    settings: {
      enabled: polling.enabled ?? true,
      batchSize: polling.batchSize ?? 10_000,
      batchingWindowSeconds: polling.batchingWindowSeconds ?? 0,
      pollers:
        polling.mode === 'on-demand'
          ? undefined
          : {
              minimum: minimumPollers,
              maximum: maximumPollers,
              ...(polling.pollerGroup !== undefined && { group: polling.pollerGroup }),
            },
      access: sourceAccess(source, network),
    },
    start: polling.start ?? StartPosition.Earliest,
  };
}

function sourceAccess(source: FlowCluster, network: FlowNetwork | undefined): SourceAccess[] {
  const access: SourceAccess[] = [];
  const secretType = SECRET_TYPES[source.authentication ?? Authentication.None];
  if (secretType !== undefined && source.secretArn !== undefined)
    access.push({ type: secretType, uri: source.secretArn });
  if (source.clusterArn !== undefined) return access;
  const authority = source.certificateAuthority?.secretArn;
  if (authority !== undefined) access.push({ type: SourceAccessType.ServerCertificate, uri: authority });
  if (network !== undefined) {
    for (const id of network.subnetIds) access.push({ type: SourceAccessType.Subnet, uri: `subnet:${id}` });
    for (const id of network.securityGroupIds)
      access.push({ type: SourceAccessType.SecurityGroup, uri: `security_group:${id}` });
  }
  return access;
}
