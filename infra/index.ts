/**
 * Constructs for an app of your own, with `aws-cdk-lib`.
 *
 * @example
 * new ReplicationFlow(stack, 'EastToWest', await readFlow('mm2.properties', 'us-east->us-west'));
 */
export { ConfigurationError, ConfigurationFileError, LiteralSecretError } from '../shared/config/errors.ts';
export { CausewayError } from '../shared/flow/errors.ts';
export type { FlowId } from '../shared/flow/flow.ts';
export { type DeployableConfiguration, NothingToDeployError, readConfiguration, readFlow } from './configuration.ts';
export type { CausewayFunction } from './flow/causeway-function.ts';
export { InvalidFlowPropsError } from './flow/check-props.ts';
export type { FlowDashboard } from './flow/dashboard/flow-dashboard.ts';
export type { FlowNetwork } from './flow/network.ts';
export * from './flow/props.ts';
export { ReplicationFlow } from './flow/replication-flow.ts';
export type { FlowRunbooks, ReverseFlow } from './flow/runbooks/props.ts';
export type { SourceHalf } from './flow/source-half.ts';
export type { TargetHalf } from './flow/target-half.ts';
export { RegionStack, type RegionStackProps, regionsOf } from './region-stack.ts';
