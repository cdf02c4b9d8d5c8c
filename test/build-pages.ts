import { resolve } from 'node:path';
import { createBuilder } from 'vite';

/** Builds the simulator and the console once for the whole run, as `npm start` does. */
export default async function setup(): Promise<void> {
  const builder = await createBuilder({
    configFile: resolve(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'warn',
  });
  await builder.buildApp();
}
