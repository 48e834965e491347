import { parseArgs } from 'node:util';
import { describeScene, MOVE_COLUMNS, rowOf, tableOf } from '../test/integration/translation/report.ts';
import { isExact } from '../test/integration/translation/verdict.ts';
import { setScene } from './translation-scene.ts';

/**
 * Groups at 100 to 0 % of a topic with gaps of every kind, moved to the target and back: what they read first there.
 *
 * @returns whether every group reads on exactly where it was in every partition
 */
export async function translationBench(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      records: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: '0' },
      json: { type: 'boolean', default: false },
    },
  });
  await using stage = await setScene({ records: values.records, seed: values.seed, quiet: values.json });
  const { scene } = stage;
  await scene.moveGroups();
  await scene.moveGroupsBack();
  await scene.writeNext();
  const forward = await scene.judgeForward();
  const back = await scene.judgeBack();
  const figures = await scene.figures();
  const exact = [...forward, ...back].every(isExact);
  if (values.json) console.log(JSON.stringify({ bench: 'translation', ...figures, forward, back, exact }));
  else {
    const rows = [...forward.map((each) => rowOf('to the target', each)), ...back.map((each) => rowOf('back', each))];
    console.log(`\n${describeScene(figures)}\n\n${tableOf(MOVE_COLUMNS, rows)}\n`);
    console.log(exact ? 'Nothing skipped, nothing read twice.' : 'NOT exact.');
  }
  return exact;
}
