import { z } from 'zod';

const request = z.object({ action: z.literal('verify') });

/** @throws ZodError when the event is no such request */
export function parseRequest(event: unknown): z.infer<typeof request> {
  return request.parse(event);
}
