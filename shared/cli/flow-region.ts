import type { Flow } from '../config/flow-schema.ts';
import { flowName, flowOf } from '../flow/flow.ts';
import { RegionUnknownError } from './errors.ts';

/** The AWS region that a flow's half is deployed to. @throws RegionUnknownError */
export function regionOf(flow: Flow, half: 'source' | 'target'): string {
  const { region, alias } = flow[half];
  if (region === undefined) throw new RegionUnknownError(flowName(flowOf(flow)), alias);
  return region;
}
