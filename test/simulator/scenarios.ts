import type { Scenario } from './scenario.ts';
import { environmentTroubles } from './scenarios/environments.ts';
import { holds } from './scenarios/holds.ts';
import { producerTroubles } from './scenarios/producers.ts';
import { sourceTroubles } from './scenarios/source.ts';
import { targetTroubles } from './scenarios/target.ts';

/** What is explored: each combines a few kinds of trouble, so that schedules stay short and every combination occurs. */
export const scenarios: readonly Scenario[] = [
  ...environmentTroubles,
  ...sourceTroubles,
  ...targetTroubles,
  ...producerTroubles,
  ...holds,
];
