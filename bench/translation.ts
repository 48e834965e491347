import { describeScene, MOVE_COLUMNS, rowOf, tableOf } from '../test/integration/translation/report.ts';
import { isExact } from '../test/integration/translation/verdict.ts';
import type { BenchArguments } from './arguments.ts';
import { sceneOptions, setScene } from './translation-scene.ts';

/**
 * Groups at 100 to 0 % of a topic with gaps of every kind, moved to the target and back: what they read first there.
 *
 * @returns whether every group reads on exactly where it was in every partition
 */
export async function translationBench(args: BenchArguments): Promise<boolean> {
  const options = sceneOptions(args);
  await using stage = await setScene(options);
  const { scene } = stage;
  await scene.moveGroups();
  await scene.moveGroupsBack();
  await scene.writeNext();
  const forward = await scene.judgeForward();
  const back = await scene.judgeBack();
  const figures = await scene.figures();
  const exact = [...forward, ...back].every(isExact);
  if (options.json) console.log(JSON.stringify({ bench: 'translation', ...figures, forward, back, exact }));
  else {
    const rows = [...forward.map((each) => rowOf('to the target', each)), ...back.map((each) => rowOf('back', each))];
    console.log(`\n${describeScene(figures)}\n\n${tableOf(MOVE_COLUMNS, rows)}\n`);
    console.log(exact ? 'Nothing skipped, nothing read twice.' : 'NOT exact.');
  }
  return exact;
}
