import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MirrorMaker2 } from '../local/kafka/mirror-maker-2.ts';
import { until } from '../local/region/until.ts';
import { uniqueName } from '../test/integration/kafka/target.ts';
import { describeScene, tableOf } from '../test/integration/translation/report.ts';
import type { TranslationScene } from '../test/integration/translation/scene.ts';
import { isExact, type MoveVerdict, SHARES } from '../test/integration/translation/verdict.ts';
import type { BenchArguments } from './arguments.ts';
import { mirrorMakerProperties } from './mirror-maker-properties.ts';
import { MirroredGroups } from './mirrored-groups.ts';
import { sceneOptions, setScene } from './translation-scene.ts';

const COPIED_WITHIN_MS = 900_000;

const COLUMNS = [
  ...['group', 'consumed', 'Causeway: skipped', 'read twice'],
  ...['MM2: skipped', 'read twice', 'partitions set'],
];
const LEGEND =
  'partitions set: those that MirrorMaker 2 set an offset of for the group; in the others it reads from the beginning.';

/** What MirrorMaker 2 makes of a group. */
type Mirrored = MoveVerdict & {
  /** Partitions that it sets an offset for; in the others the group reads from the beginning. */
  readonly partitionsSet: number;
};

/**
 * One topic and its groups, moved by Causeway and by MirrorMaker 2, side by side: what the groups read first in either copy.
 *
 * @returns whether Causeway's groups skip nothing and read nothing twice
 */
export async function againstMirrorMakerBench(args: BenchArguments): Promise<boolean> {
  const options = sceneOptions(args);
  await using stage = await setScene(options);
  const { scene, say } = stage;
  const alias = uniqueName('mm2');
  const copy = `${alias}.${scene.topic}`;
  say('MirrorMaker 2 copies the topic');
  await using folder = await mkdtempDisposable(join(tmpdir(), 'causeway-mm2-'));
  const file = join(folder.path, 'mm2.properties');
  const clusters = { sourceServers: scene.source.servers, targetServers: scene.target.servers };
  const properties = { alias, topic: scene.topic, groups: `${scene.topic}-.*`, ...clusters };
  await writeFile(file, mirrorMakerProperties(properties));
  await using mirrorMaker = await MirrorMaker2.start(file, ['-Xmx512m']);
  await untilCopied(scene, copy, mirrorMaker);
  // Now, as a group commits that lags: its offsets lie behind what is copied already.
  await scene.moveGroups();
  await scene.writeNext();
  await untilCopied(scene, copy, mirrorMaker);
  say('waiting until MirrorMaker 2 moves the groups no more');
  const groups = SHARES.map((share) => scene.group(share));
  const mirrored = new MirroredGroups({ target: scene.target, copy, sourceAlias: alias, groups });
  const settled = await mirrored.untilSettled(mirrorMaker);
  await mirrored.compareWithCheckpoints(settled);
  const causeway = await scene.judgeForward();
  const mirrorMaker2 = (await scene.judgeForward(copy)).map((verdict): Mirrored => {
    return { ...verdict, partitionsSet: settled.get(scene.group(verdict.share))?.size ?? 0 };
  });
  const figures = await scene.figures();
  const exact = causeway.every(isExact);
  if (options.json) console.log(JSON.stringify({ bench: 'against-mm2', ...figures, causeway, mirrorMaker2, exact }));
  else {
    const rows = causeway.map((each, i) => rowOf(each, mirrorMaker2[i]));
    console.log(`\n${describeScene(figures)}\n\n${tableOf(COLUMNS, rows)}\n${LEGEND}\n`);
    console.log(exact ? 'Causeway: nothing skipped, nothing read twice.' : 'Causeway is NOT exact.');
  }
  return exact;
}

function rowOf(causeway: MoveVerdict, mm2: Mirrored | undefined): (string | number)[] {
  const theirs = [mm2?.skipped ?? '', mm2?.readTwice ?? '', `${mm2?.partitionsSet} of ${mm2?.partitions}`];
  return [`${causeway.share} %`, causeway.consumed, causeway.skipped, causeway.readTwice, ...theirs];
}

/** As many records as the source has are in every partition of the copy. */
async function untilCopied(scene: TranslationScene, copy: string, mirrorMaker: MirrorMaker2): Promise<void> {
  const admin = scene.target.kafka.admin();
  await admin.connect();
  const wanted = scene.records;
  try {
    await until(
      async () => {
        const ends = await admin.fetchTopicOffsets(copy);
        const copied = new Map(ends.map(({ partition, high }) => [partition, Number(high)]));
        return [...wanted].every(([partition, { length }]) => (copied.get(partition) ?? 0) >= length);
      },
      COPIED_WITHIN_MS,
      (last) => new Error(`MirrorMaker 2 did not copy all of ${copy}: ${last}`),
      mirrorMaker.ended,
    );
  } finally {
    await admin.disconnect();
  }
}
