import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { translateResponse } from '../../../functions/translate/response.ts';
import { statusOf } from '../../../functions/translate/status.ts';
import * as errors from '../../../shared/client/errors.ts';
import { TranslationCode } from '../../../shared/client/translate/errors.ts';
import { OLDEST_NODE } from '../../../shared/runtime/node-version.ts';

const page = readFileSync(new URL('../../../docs/client.md', import.meta.url), 'utf8');

describe('docs/client.md', () => {
  const examples = [...page.matchAll(/<!-- example: (\w+) -->\n```json\n([\s\S]*?)```/g)].map(
    ([, name = '', json = '']) => [name, JSON.parse(json)] as const,
  );

  test.each(examples)('shows an answer of the form that the function gives: %s', (_, example) => {
    expect(translateResponse.parse(example)).toEqual(example);
  });

  test('shows both answers', () => {
    expect(examples.map(([name]) => name)).toEqual(['offset', 'group']);
  });

  test.each(Object.values(TranslationCode))('has the error %s, with the status that it gets', (code) => {
    if (code === TranslationCode.NoCluster) return expect(page).toContain(`In the library alone: \`${code}\``);
    const status = statusOf(Object.assign(new errors.ClusterUnavailableError('x', undefined), { code }));
    expect(page).toContain(`| ${status} | \`${code}\` |`);
  });

  test('has each error of the client that needs Kafka alone', () => {
    const codes = [
      new errors.CheckpointsTopicMissingError('t'),
      new errors.CheckpointsUnreadableError('t', new Error()),
      new errors.ClusterUnavailableError('x', new Error()),
    ].map(({ code }) => code);

    expect(Object.keys(errors)).toHaveLength(codes.length);
    for (const code of codes) expect(page).toContain(`| \`${code}\` |`);
  });

  test('says on which Node the package runs', () => {
    expect(page).toContain(`It runs on Node ${OLDEST_NODE} or newer`);
  });
});
