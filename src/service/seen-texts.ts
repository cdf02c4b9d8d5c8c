/**
 * Which changes of texts this machine saw last: a file of `DATA_DIR` under the server key.
 *
 * Invariants: it forbids only (`src/app/texts/seen.ts`); a restore forgets it, since what a backup brings is older by right. It
 * names no database: an identity that stands in the database could be changed together with the rest.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { SeenText, SeenTexts } from '../app/texts/seen.ts';
import type { Keyring } from '../crypto/keyring.ts';
import { type Log, reduceError } from '../kernel/log.ts';

/** In `DATA_DIR`. */
const NAME = 'texts-seen';

const content = z.array(z.object({ language: z.string(), key: z.string(), hash: z.string() }));

/** `log`: absent where it is only looked at. */
export function seenTextsIn(dataDir: string, keyring: Keyring, log?: Log): SeenTexts {
  const path = join(dataDir, NAME);
  let last = '';
  return {
    async read() {
      try {
        const bytes = keyring.open(NAME, '', await readFile(path));
        last = Buffer.from(bytes).toString();
        return content.parse(JSON.parse(last));
      } catch (error) {
        // There is none, or none of this key: nothing was seen.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          log?.warn('texts_seen_not_noted', reduceError(error));
        return [];
      }
    },
    async write(seen: readonly SeenText[]) {
      const next = JSON.stringify(seen);
      if (!log || next === last || (seen.length === 0 && last === '')) return;
      try {
        await mkdir(dataDir, { recursive: true, mode: 0o700 });
        await writeFile(`${path}.new`, keyring.seal(NAME, '', Buffer.from(next)), {
          mode: 0o600,
          flush: true,
        });
        await rename(`${path}.new`, path);
        last = next;
      } catch (error) {
        log.warn('texts_seen_not_noted', reduceError(error));
      }
    },
  };
}

/** What is put back is older by right. */
export const forgetSeenTexts = (dataDir: string): Promise<void> => rm(join(dataDir, NAME), { force: true });
