import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { offerStatusPage } from '../../../../local/demo/status-page.ts';

it('names no page where none could be made, and none of an earlier demo; the demo goes on', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'causeway-demo-page-'));
  const file = join(folder, 'status.html');
  writeFileSync(file, 'of an earlier demo');
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const told = vi.spyOn(console, 'error').mockImplementation(() => {});

  await offerStatusPage({ runId: 'no-such-run' }, file);

  expect(printed).not.toHaveBeenCalled();
  expect(told).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('no run no-such-run is up'));
  expect(existsSync(file)).toBe(false);
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});
