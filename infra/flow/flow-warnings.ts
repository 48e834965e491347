import type { ReplicationFlowProps } from './props.ts';

/** What works otherwise than its author may think: said at synthesis, and by `causeway check`. */
export interface FlowWarning {
  /** Of the CDK's annotation, to acknowledge it by. */
  readonly id: string;
  /** The property that it is about. */
  readonly property: string;
  /** The same in a properties file. */
  readonly key: string;
  /** What follows from it, without either name. */
  readonly says: string;
}

/** Of the half beside the source. */
export function sourceWarnings({ flow, source, heartbeatsOnly = false }: ReplicationFlowProps): readonly FlowWarning[] {
  if (source.vpc !== undefined || heartbeatsOnly) return [];
  return [withoutVpc('causeway:noVpc', 'source', flow.source)];
}

/** Of the half beside the target. */
export function targetWarnings(props: ReplicationFlowProps): readonly FlowWarning[] {
  const { flow, target, heartbeats = true, heartbeatsOnly = false } = props;
  if (target.vpc !== undefined || (heartbeatsOnly && !heartbeats)) return [];
  return [withoutVpc('causeway:noTargetVpc', 'target', flow.target)];
}

/** As synthesis says it: a construct's author knows the property, a file's the key. */
export function describeWarning({ property, key, says }: FlowWarning): string {
  return `${key} (${property} of a construct) is missing: ${says}`;
}

function withoutVpc(id: string, end: 'source' | 'target', alias: string): FlowWarning {
  return {
    id,
    property: `${end}.vpc`,
    key: `${alias}.causeway.vpc.id`,
    says: `without it the functions beside ${alias} reach only brokers with public addresses`,
  };
}
