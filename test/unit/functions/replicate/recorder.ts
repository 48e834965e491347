import type { Logger } from '@aws-lambda-powertools/logger';
import { NotedMeter } from '../noted-meter.ts';

/** What is written down, in order: level, message, fields; and what is counted. */
export function recorder() {
  const lines: [level: string, message: string, fields: Record<string, unknown>][] = [];
  const at = (level: string) => (message: string, fields: Record<string, unknown>) => {
    lines.push([level, message, fields]);
  };
  const logger = { info: at('info'), warn: at('warn'), error: at('error'), critical: at('critical') };
  return { lines, logger: logger as unknown as Logger, meter: new NotedMeter() };
}
