import { readdirSync, readFileSync } from 'node:fs';

const PROJECT = new URL('../../../', import.meta.url);
/** What is run, deployed or imported; not what only tests it. */
const ROOMS = ['shared', 'functions', 'infra', 'local'];

/** Every source by its path in the project. */
export function readSources(): ReadonlyMap<string, string> {
  const paths = ROOMS.flatMap((room) =>
    readdirSync(new URL(room, PROJECT), { recursive: true, encoding: 'utf8' }).map((name) => `${room}/${name}`),
  );
  return new Map(
    paths
      .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
      .map((path) => [path, readFileSync(new URL(path, PROJECT), 'utf8')]),
  );
}
