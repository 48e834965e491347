/**
 * Bundles functions: `node bundler.ts <folder> <entry>...` makes `<folder>/<name>/index.mjs` of each entry
 * `.../<name>/index.ts`, and prints the paths that they were made of, as a JSON array. A program of its own because esbuild's plugins need its
 * asynchronous interface and CDK constructs are synchronous.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { build, type Plugin } from 'esbuild';

/**
 * @platformatic/kafka does not say that its modules have no side effects, so a bundle would carry all its clients,
 * registries, ajv and avsc: 1.19 MB that load in 230 ms, against 0.58 MB and 130 ms with this.
 */
const onlyWhatIsUsed: Plugin = {
  name: 'only-what-is-used',
  setup(bundle) {
    const inside = /[\\/]@platformatic[\\/]kafka[\\/]dist[\\/]/;
    bundle.onResolve({ filter: /^@platformatic\/kafka$|^\.{1,2}\// }, async ({ path, pluginData, ...rest }) => {
      if (pluginData === inside || (path.startsWith('.') && !inside.test(rest.importer))) return undefined;
      const found = await bundle.resolve(path, { ...rest, pluginData: inside });
      return found.errors.length > 0 ? undefined : { ...found, sideEffects: false };
    });
  },
};

/** Modules that are loaded and never used, and what is bundled instead of them. */
const INSTEAD: readonly { readonly path: RegExp; readonly contents: string }[] = [
  // Messages in fifty languages, 258 KB.
  { path: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/, contents: "export { default as en } from './en.js';" },
  // Checks options of the client's Producer, Consumer and Admin, 113 KB; only its protocol calls are used here.
  {
    path: /[\\/]ajv[\\/]dist[\\/]2020\.js$/,
    contents: `export class Ajv2020 {
      addKeyword() {}
      compile() { return () => { throw new Error('only the protocol calls of @platformatic/kafka are bundled'); }; }
    }`,
  },
  // What a browser's user agent says; on Node it is never asked for. 34 KB.
  { path: /[\\/]bowser[\\/]/, contents: 'export default {};' },
  // Logins of people and of browsers. A function's credentials are in its environment. 64 KB.
  {
    path: /[\\/]@aws-sdk[\\/]credential-provider-(sso|login|cognito-identity)[\\/]dist-\w+[\\/]index\.js$/,
    contents: `const absent = () => async () => { throw new Error('not in a function: its credentials are in its environment'); };
      export { absent as fromSSO, absent as fromLoginCredentials };
      export { absent as fromCognitoIdentity, absent as fromCognitoIdentityPool };`,
  },
];

const leaveOut: Plugin = {
  name: 'leave-out',
  setup(bundle) {
    for (const { path, contents } of INSTEAD)
      bundle.onLoad({ filter: path }, (found) => ({ contents, resolveDir: dirname(found.path) }));
  },
};

async function bundled(entry: string) {
  const { outputFiles, metafile } = await build({
    metafile: true,
    entryPoints: [entry],
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Dependencies in CommonJS call `require`, which an ES module does not have.
    banner: {
      js: "import{createRequire as createRequire_}from'node:module';const require=createRequire_(import.meta.url);",
    },
    // The form that reads native.wasm from the disk would look for it beside the bundle.
    alias: { '@platformatic/wasm-utils': createRequire(import.meta.url).resolve('@platformatic/wasm-utils/bundled') },
    plugins: [onlyWhatIsUsed, leaveOut],
    logLevel: 'error',
  });
  return { code: outputFiles[0]?.contents ?? '', inputs: Object.keys(metafile.inputs) };
}

const [folder, ...entries] = process.argv.slice(2);
if (folder === undefined || entries.length === 0) throw new Error('usage: node bundler.ts <folder> <entry>...');
const inputs = new Set<string>();
for (const entry of entries) {
  const outfile = join(folder, basename(dirname(entry)), 'index.mjs');
  const { code, inputs: read } = await bundled(entry);
  for (const path of read) inputs.add(path);
  // In one step, so that a synthesis beside this one never takes half a bundle; the same code is the same file.
  const temporary = `${dirname(outfile)}.${process.pid}`;
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(temporary, code);
  renameSync(temporary, outfile);
}
console.log(JSON.stringify([...inputs]));
