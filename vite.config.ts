/**
 * Builds the browser programs of `src/web`, each into a folder of its own: the simulator into `dist/web`, the console
 * (`--mode console`) into `dist/console`. A live service serves the second one only.
 *
 * The content security policy (src/http/page-policy.ts) forbids anything that stands inside a page, so nothing
 * is inlined: scripts, styles and pictures are files of their own.
 */
import { defineConfig } from 'vite';

const CONSOLE = { base: '/console/', outDir: '../../../dist/console', assetsDir: 'files' };
const SIMULATOR = { base: '/', outDir: '../../dist/web', assetsDir: 'assets' };

export default defineConfig(({ mode }) => {
  const isConsole = mode === 'console';
  const { base, ...out } = isConsole ? CONSOLE : SIMULATOR;
  return {
    root: isConsole ? 'src/web/console' : 'src/web',
    base,
    // Vite 8 compiles JSX itself; what it needs to know stands in src/web/tsconfig.json.
    build: {
      ...out,
      emptyOutDir: true,
      target: 'es2022',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: isConsole ? 'src/web/console/index.html' : 'src/web/simulator/index.html' },
    },
  };
});
