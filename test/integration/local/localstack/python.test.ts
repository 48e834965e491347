import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { projectRoot } from '../../../../local/setup/project.ts';
import { installTools } from '../../../../local/setup/tools.ts';

it('the plugin’s own tests of what needs no LocalStack pass', async () => {
  const { localstack } = await installTools(['localstack']);
  const plugin = join(projectRoot, 'local', 'localstack');
  const arguments_ = ['-m', 'unittest', 'discover', '-s', join(plugin, 'tests')];
  const env = { ...process.env, PYTHONPATH: plugin, PYTHONDONTWRITEBYTECODE: '1' };

  const { stderr } = await promisify(execFile)(join(localstack, 'bin', 'python'), arguments_, { env });

  expect(stderr).toMatch(/Ran [1-9]\d* tests[\s\S]*OK/);
});
