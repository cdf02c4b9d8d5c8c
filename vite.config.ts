/**
 * Builds the browser programs of `src/web`, each into a folder of its own: the simulator into `dist/web`, the console
 * (`--mode console`) into `dist/console`. A live service serves the second one only.
 *
 * The content security policy (src/http/page-policy.ts) forbids anything that stands inside a page, so nothing
 * is inlined: scripts, styles and pictures are files of their own.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const CONSOLE = { base: '/console/', outDir: '../../../dist/console', assetsDir: 'files' };
const SIMULATOR = { base: '/', outDir: '../../dist/web', assetsDir: 'assets' };

/**
 * Compressed copies beside each file, for slow networks, and `SHA256SUMS` over what was built: who keeps that list can
 * notice a console that somebody has changed (`sha256sum -c SHA256SUMS`).
 */
function published(): Plugin {
  let folder = '';
  return {
    name: 'published',
    configResolved: ({ root, build }) => {
      folder = join(root, build.outDir);
    },
    async closeBundle() {
      const names = (await readdir(folder, { recursive: true })).filter((name) =>
        /\.(html|js|css|svg)$/.test(name),
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

/** The program is fetched, not yet compiled, beside the small script that asks for it: that one must run at once. */
function preloaded(): Plugin {
  return {
    name: 'preloaded',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle = {} }) =>
        Object.values(bundle).flatMap((chunk) =>
          chunk.type === 'chunk' && chunk.isDynamicEntry
            ? [
                {
                  tag: 'link',
                  attrs: {
                    rel: 'preload',
                    as: 'script',
                    crossorigin: true,
                    href: `${CONSOLE.base}${chunk.fileName}`,
                  },
                  injectTo: 'head' as const,
                },
              ]
            : [],
        ),
    },
  };
}

export default defineConfig(({ mode }) => {
  const isConsole = mode === 'console';
  const { base, ...out } = isConsole ? CONSOLE : SIMULATOR;
  return {
    root: isConsole ? 'src/web/console' : 'src/web',
    base,
    plugins: isConsole ? [preloaded(), published()] : [],
    // Vite 8 compiles JSX itself; what it needs to know stands in src/web/tsconfig.json.
    build: {
      ...out,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: isConsole
        ? {
            input: { index: 'src/web/console/index.html', worker: 'src/web/console/worker.ts' },
            // The worker's address must stay the same, and stand where the console does.
            output: {
              entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : 'files/[name]-[hash].js'),
            },
          }
        : { input: 'src/web/simulator/index.html' },
    },
  };
});
