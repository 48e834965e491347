import { runningRegions } from '../local/region/external.ts';
import { type Regions, startRegions } from '../local/region/regions.ts';
import { TranslationScene } from '../test/integration/translation/scene.ts';
import type { BenchArguments } from './arguments.ts';

export interface SceneOptions {
  readonly records: number;
  readonly seed: number;
  /** Figures alone are printed, as JSON. */
  readonly json: boolean;
}

/** @throws UsageError */
export function sceneOptions(args: BenchArguments): SceneOptions {
  return { records: args.whole('records', 1), seed: args.whole('seed', 0), json: args.flag('json') };
}

/** A scene, and the regions that it stands in where they were started for it. */
export class Stage implements AsyncDisposable {
  readonly scene: TranslationScene;
  /** Tells what is done next, with the seconds since the start. */
  readonly say: (line: string) => void;
  readonly #started: Regions | undefined;

  constructor(scene: TranslationScene, say: (line: string) => void, started: Regions | undefined) {
    this.scene = scene;
    this.say = say;
    this.#started = started;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.scene[Symbol.asyncDispose]();
    await this.#started?.stop();
  }
}

/** In the regions of `CAUSEWAY_REGION`, or in new ones. */
export async function setScene({ records, seed, json }: SceneOptions): Promise<Stage> {
  const options = { records, seed, say: json ? () => {} : sayWithTime() };
  const running = runningRegions(process.env);
  const started = running ? undefined : await startRegions();
  const address = running ?? started?.address;
  if (address === undefined) throw new Error('no regions');
  try {
    return new Stage(await TranslationScene.set(address, options), options.say, started);
  } catch (error) {
    await started?.stop({ failed: true });
    throw error;
  }
}

function sayWithTime(): (line: string) => void {
  const startedAt = performance.now();
  return (line) => console.log(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(4)} s  ${line}`);
}
