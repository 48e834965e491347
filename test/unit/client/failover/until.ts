import { vi } from 'vitest';

/** Awaits what is bound to come, however busy the machine is. */
export function until(isSo: () => boolean): Promise<boolean> {
  return vi.waitUntil(isSo, { timeout: 25_000, interval: 1 });
}
