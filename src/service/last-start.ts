/**
 * What the program was at its last start: its settings and its content, so that `upgrade --check` can tell what is new.
 *
 * Invariant: it is a note for people. Nothing is decided by it, and a start goes on without it.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { namesOf } from '../config-schema.ts';
import { PROJECT } from '../kernel/project.ts';
import { MESSENGERS } from '../messengers/list.ts';

/** In `DATA_DIR`. */
const NOTE = 'last-start.json';
const FOLDERS = ['flows', 'locales'];

const programSchema = z.object({
  /** Names of all settings. */
  settings: z.array(z.string()),
  /** Hashes of its flows, lists and texts, by their paths. */
  content: z.record(z.string(), z.string()),
});
export type Program = z.infer<typeof programSchema>;

/** What this program is. */
export async function programHere(): Promise<Program> {
  const content: Record<string, string> = {};
  for (const folder of FOLDERS) {
    const names = await readdir(join(PROJECT, folder), { recursive: true });
    for (const name of names.filter((each) => each.endsWith('.yaml')).sort()) {
      const path = `${folder}/${name.replaceAll('\\', '/')}`;
      content[path] = createHash('sha256')
        .update(await readFile(join(PROJECT, path)))
        .digest('hex')
        .slice(0, 16);
    }
  }
  return { settings: [...namesOf(MESSENGERS)], content };
}

/** Notes what started. */
export async function noteStart(dataDir: string): Promise<void> {
  const path = join(dataDir, NOTE);
  const note = `${JSON.stringify(await programHere())}\n`;
  if ((await readFile(path, 'utf8').catch(() => '')) === note) return;
  await writeFile(`${path}.new`, note, { mode: 0o644 });
  await rename(`${path}.new`, path);
}

/** What started last; undefined: nobody noted it. */
export async function lastStart(dataDir: string): Promise<Program | undefined> {
  const text = await readFile(join(dataDir, NOTE), 'utf8').catch(() => '');
  try {
    return programSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
