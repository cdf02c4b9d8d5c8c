/**
 * Builds the browser programs of `src/web` into `dist/web`.
 *
 * The content security policy (src/http/page-policy.ts) forbids anything that stands inside a page, so nothing
 * is inlined: scripts, styles and pictures are files of their own in `assets/`.
 */
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'src/web',
  // Vite 8 compiles JSX itself; what it needs to know stands in src/web/tsconfig.json.
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: 'src/web/simulator/index.html' },
  },
});
