/** Whether a service sends the console as it was built here. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';
import type { Result } from './command.ts';

const BUILT = fileURLToPath(new URL('../../dist/console', import.meta.url));

export type Compared = { file: string; is: 'same' | 'other' | 'missing' };

/** `npx lakana console verify https://…`. */
export async function verifyConsole(_options: object, url = ''): Promise<Result> {
  if (!URL.canParse(url))
    throw new LakanaError('bad_address', 'give the address of the service, like https://lakana.example.org');
  const compared = await compareConsole(url, BUILT);
  const wrong = compared.filter(({ is }) => is !== 'same');
  const said = { other: 'is another one', missing: 'does not come', same: '' };
  const text =
    wrong.length === 0
      ? `✓ All ${compared.length} files are as they were built here.`
      : [
          ...wrong.map(({ file, is }) => `✗ ${file} ${said[is]}`),
          'Is it the same version? If so, nobody signs in until it is known why.',
        ].join('\n');
  return { text, json: { ok: wrong.length === 0, files: compared }, exitCode: wrong.length === 0 ? 0 : 1 };
}

/** Fetches every file of the build in `root` from a service, as a browser does, and compares what comes. */
export async function compareConsole(url: string, root: string): Promise<Compared[]> {
  const sums = await readFile(join(root, 'SHA256SUMS'), 'utf8').catch(() => {
    throw new LakanaError('nothing_built', 'there is nothing to compare with: npx vite build');
  });
  const files = sums
    .trim()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  return Promise.all(
    files.map(async ([hash, file]) => {
      const address = new URL(`/console/${file === 'index.html' ? '' : file}`, url);
      const answer = await fetch(address, {
        redirect: 'error',
        signal: AbortSignal.timeout(seconds(30)),
      }).catch(() => undefined);
      if (!answer?.ok) return { file, is: 'missing' as const };
      const came = createHash('sha256').update(new Uint8Array(await answer.arrayBuffer()));
      return { file, is: came.digest('hex') === hash ? ('same' as const) : ('other' as const) };
    }),
  );
}
