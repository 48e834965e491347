import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatCommand, nodeCommand } from '../kafka/commands.ts';
import { type NodeSettings, serverProperties } from '../kafka/server-properties.ts';
import { projectRoot } from '../setup/project.ts';
import { runLogged } from '../setup/steps.mjs';
import type { RegionProcessDied } from './errors.ts';
import type { RunFolder } from './run-folder.ts';
import { SupervisedProcess } from './supervised-process.ts';

export type Died = (error: RegionProcessDied) => void;

export interface Place {
  readonly run: RunFolder;
  readonly jars: string;
  readonly alias: string;
  readonly clusterId: string;
  readonly javaOptions: readonly string[];
  readonly died: Died;
}

/** One Kafka process of a cluster, with its own data and log. */
export class KafkaNode {
  readonly id: number;
  readonly #place: Place;
  readonly #name: string;
  readonly #propertiesFile: string;
  readonly #settings: Omit<NodeSettings, 'dataFolder'>;
  #process: SupervisedProcess | undefined;

  constructor(place: Place, settings: Omit<NodeSettings, 'dataFolder'>) {
    const { run, alias } = place;
    this.id = settings.nodeId;
    this.#place = place;
    this.#settings = settings;
    this.#name = `kafka-${alias}-${this.id}`;
    this.#propertiesFile = join(run.logs, `${this.#name}.properties`);
    writeFileSync(this.#propertiesFile, serverProperties({ ...settings, dataFolder: join(run.data, this.#name) }));
  }

  get log(): string {
    return join(this.#place.run.logs, `${this.#name}.log`);
  }

  async format(): Promise<void> {
    const { jars, clusterId } = this.#place;
    const { roles, security } = this.#settings;
    const { program, args } = formatCommand(jars, {
      propertiesFile: this.#propertiesFile,
      clusterId,
      formsQuorum: roles.includes('controller'),
      ...(security && { security }),
    });
    await runLogged(program, args, { cwd: projectRoot, log: this.log });
  }

  start(): void {
    const { run, jars, died, javaOptions } = this.#place;
    this.#process = new SupervisedProcess(run, this.#name, nodeCommand(jars, this.#propertiesFile, javaOptions), died);
  }

  killNow(): void {
    this.#process?.killNow();
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  async terminate(): Promise<void> {
    await this.#process?.terminate();
  }
}
