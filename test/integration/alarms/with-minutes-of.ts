import { z } from 'zod';
import type { Template } from '../deployed/deployed-flow.ts';

const called = z.looseObject({ Input: z.string() });
const action = z.looseObject({ action: z.string() });

/** Functions that a rule calls each minute and that work until the next call. */
const FOR_A_MINUTE = new Set(['heartbeat', 'checkpoint']);
/** One that looks once in a call, and then again for the rest of the minute. */
const ONCE = 'reconcile';

/** A stack whose functions work for as long as a minute of the region lasts, where they would for sixty seconds. */
export function withMinutesOf(minuteS: number, template: Template): Template {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      const { Type, Properties: { Targets, ...others } = {} } = resource;
      if (Type !== 'AWS::Events::Rule' || !Array.isArray(Targets)) return [id, resource];
      return [
        id,
        { ...resource, Properties: { ...others, Targets: Targets.map((target) => shorter(target, minuteS)) } },
      ];
    }),
  );
  return { ...template, Resources };
}

function shorter(target: unknown, minuteS: number): unknown {
  const { data } = called.safeParse(target);
  const asked = data && action.safeParse(JSON.parse(data.Input)).data;
  if (asked === undefined) return target;
  const forSeconds = asked.action === ONCE ? 0 : FOR_A_MINUTE.has(asked.action) ? minuteS : undefined;
  return { ...data, Input: JSON.stringify({ ...asked, ...(forSeconds !== undefined && { forSeconds }) }) };
}
