/**
 * Builds the browser programs of `src/web` in one go (`vite build`): the simulator into `dist/web`, the console into
 * `dist/console`. They share no file, so that a live service serves the second one only and a change of the first one
 * changes nothing of it.
 *
 * The content security policy (src/http/page-policy.ts) forbids anything that stands inside a page, so nothing
 * is inlined: scripts, styles and pictures are files of their own.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin, type UserConfig } from 'vite';
import { fromSources } from './vite.sources.ts';
import { words } from './vite.words.ts';

const PROJECT = import.meta.dirname;
const ROOT = join(PROJECT, 'src/web');
const DIST = join(PROJECT, 'dist');

/**
 * Compressed copies beside each file of the console, for slow networks, and `SHA256SUMS` over what was built: who keeps
 * that list can notice a console that was changed (`sha256sum -c SHA256SUMS`).
 */
function published(folder: string): Plugin {
  return {
    name: 'published',
    applyToEnvironment: ({ name }) => name === 'console',
    // What an earlier build left there is none of this one's.
    buildStart: () => rm(folder, { recursive: true, force: true }),
    async closeBundle() {
      const names = (await readdir(folder, { recursive: true })).filter((name) =>
        /\.(html|js|json|css|svg|webmanifest)$/.test(name),
      );
      const sums: string[] = [];
      for (const name of names.sort()) {
        const bytes = await readFile(join(folder, name));
        sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}`);
        await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(bytes));
        await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(bytes));
      }
      await writeFile(join(folder, 'SHA256SUMS'), `${sums.join('\n')}\n`);
    },
  };
}

/** The program, with what it imports, is fetched, not yet compiled, beside the small script that asks for it: that one must run at once. */
function preloaded(): Plugin {
  return {
    name: 'preloaded',
    applyToEnvironment: ({ name }) => name === 'console',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {} }) =>
        Object.values(bundle)
          .flatMap((chunk) =>
            chunk.type === 'chunk' && chunk.isDynamicEntry && chunk.name === 'start'
              ? [chunk.fileName, ...chunk.imports.filter((name) => !html.includes(name))]
              : [],
          )
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'preload', as: 'script', crossorigin: true, href: `/${name}` },
            injectTo: 'head' as const,
          })),
    },
  };
}

/** How the pages are built. `locales`: what they say. `dist`: absolute path of where they go. */
export const pages = (locales = join(PROJECT, 'locales'), dist = DIST): UserConfig => ({
  root: ROOT,
  plugins: [
    words(locales),
    preloaded(),
    published(join(dist, 'console')),
    fromSources(PROJECT, locales, dist),
  ],
  // Vite 8 compiles JSX itself; what it needs to know stands in src/web/tsconfig.json.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  environments: {
    simulator: {
      consumer: 'client',
      build: {
        outDir: join(dist, 'web'),
        emptyOutDir: true,
        rolldownOptions: { input: join(ROOT, 'simulator/index.html') },
      },
    },
    console: {
      consumer: 'client',
      build: {
        // The page's own folder makes it `dist/console`.
        outDir: dist,
        emptyOutDir: false,
        assetsDir: 'console/files',
        rolldownOptions: {
          input: { index: join(ROOT, 'console/index.html'), worker: join(ROOT, 'console/worker.ts') },
          // The worker's address must stay the same, and stand where the console does.
          output: {
            entryFileNames: ({ name }) =>
              name === 'worker' ? 'console/worker.js' : 'console/files/[name]-[hash].js',
          },
        },
      },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const name of ['simulator', 'console'])
        if (builder.environments[name]) await builder.build(builder.environments[name]);
    },
  },
});

export default defineConfig(pages());
