import { nearest } from '../../shared/config/nearest.ts';
import type { ReplicationFlowProps } from './props.ts';

/** Every property that there is: the compiler keeps the list whole. */
const KNOWN = {
  flow: true,
  source: true,
  target: true,
  configuration: true,
  remoteTopics: true,
  twoWay: true,
  polling: true,
  replicate: true,
  lookEverySeconds: true,
  refreshTopics: true,
  syncAcls: true,
  deleteRemoteTopics: true,
  checkpoints: true,
  commitOffsets: true,
  checkpointMemoryMb: true,
  heartbeats: true,
  heartbeatsArrive: true,
  heartbeatsOnly: true,
  checkpointsTopic: true,
  heartbeatsCopy: true,
  offsetSyncs: true,
  detailedMetrics: true,
  alarms: true,
  verify: true,
  dashboard: true,
  reverse: true,
  runbooks: true,
  logRetentionDays: true,
  offsetMapKeyArn: true,
  disposable: true,
  codeFolders: true,
  namePrefix: true,
} as const satisfies Required<Record<keyof ReplicationFlowProps, true>>;

/** Properties that do nothing. TypeScript finds those of an object that is written out; JavaScript, and `{ ...flow }`, none. */
export function unknownProps(props: object): readonly string[] {
  const unknown = Object.keys(props).filter((name) => !Object.hasOwn(KNOWN, name));
  return unknown.map((name) => {
    const near = nearest(name, Object.keys(KNOWN));
    return `${name}: there is no such property${near === undefined ? '' : `; did you mean ${near}?`}`;
  });
}
