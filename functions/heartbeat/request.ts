import { z } from 'zod';

/** The schedule calls each minute, and a run lasts until the next one begins. */
const RUN_S = 60;

const request = z.object({ action: z.literal('heartbeat'), forSeconds: z.number().min(1).max(RUN_S).default(RUN_S) });

/** @throws ZodError when the event is no such request */
export function parseRequest(event: unknown): z.infer<typeof request> {
  return request.parse(event);
}
