import type { WriteFence, WriteFences } from '../../../../shared/runbook/write-fence/ports.ts';

export class MemoryWriteFences implements WriteFences {
  readonly notes = new Map<string, WriteFence>();

  async read(cluster: string): Promise<WriteFence | undefined> {
    return this.notes.get(cluster);
  }

  async write(cluster: string, expected: number, fence: WriteFence): Promise<'written' | 'conflict'> {
    if ((this.notes.get(cluster)?.version ?? 0) !== expected) return 'conflict';
    if (fence.version !== expected + 1) throw new Error(`version ${fence.version} after ${expected}`);
    this.notes.set(cluster, fence);
    return 'written';
  }
}
