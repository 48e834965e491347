import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';

/** What is written down, in order: level, message, fields; and what is counted. */
export function recorder() {
  const lines: [level: string, message: string, fields: Record<string, unknown>][] = [];
  const counted: Record<string, number> = {};
  const at = (level: string) => (message: string, fields: Record<string, unknown>) => {
    lines.push([level, message, fields]);
  };
  const logger = { info: at('info'), warn: at('warn'), error: at('error'), critical: at('critical') };
  const addMetric = (name: string, _unit: string, value: number) => {
    counted[name] = (counted[name] ?? 0) + value;
  };
  return { lines, counted, logger: logger as unknown as Logger, metrics: { addMetric } as unknown as Metrics };
}
