import { z } from 'zod';

/** The schedule calls each minute, and a run lasts until the next one begins. */
const RUN_S = 60;

const request = z.object({
  action: z.literal('checkpoint'),
  /** Ticks are begun for so long; 0: one tick, which does everything whether or not it is due. */
  forSeconds: z.number().min(0).max(RUN_S).default(RUN_S),
});

export type CheckpointRequest = z.infer<typeof request>;

/** @throws ZodError when the event is no such request */
export function parseRequest(event: unknown): CheckpointRequest {
  return request.parse(event);
}
