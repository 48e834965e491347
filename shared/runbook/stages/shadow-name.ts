/** Begins the ids of a drill's groups on the target. */
export const SHADOW_PREFIX = 'causeway-drill-';

/** `causeway-drill-7-payments` */
export function shadowOf(generation: number, group: string): string {
  return `${SHADOW_PREFIX}${generation}-${group}`;
}

/** The shadow's offset on the source, as it is kept with the offset on the target. */
export function shadowMetadata(sourceTopic: string, sourceOffset: number): string {
  return JSON.stringify([sourceTopic, sourceOffset]);
}

/** Undefined for metadata that no drill wrote. */
export function readShadowMetadata(metadata: string): { readonly topic: string; readonly offset: number } | undefined {
  try {
    const parsed: unknown = JSON.parse(metadata);
    if (!Array.isArray(parsed)) return undefined;
    const [topic, offset]: unknown[] = parsed;
    return typeof topic === 'string' && typeof offset === 'number' ? { topic, offset } : undefined;
  } catch {
    return undefined;
  }
}
