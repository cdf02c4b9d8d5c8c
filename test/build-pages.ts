import { resolve } from 'node:path';
import { createBuilder } from 'vite';

/** Builds the simulator and the console once for the whole run: byte for byte what `npm start` serves. */
export async function buildPages(): Promise<void> {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    const builder = await createBuilder({
      configFile: resolve(import.meta.dirname, '../vite.config.ts'),
      logLevel: 'warn',
    });
    await builder.buildApp();
  } finally {
    process.env.NODE_ENV = before;
  }
}
