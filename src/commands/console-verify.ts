/** Whether a service sends the console whose hashes are published with the source (`src/web/console.sha256`). */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { openAsSet, readAtMost } from '../channels/outside.ts';
import { LakanaError } from '../kernel/errors.ts';
import { seconds } from '../kernel/time.ts';
import type { Result } from './command.ts';

const PUBLISHED = fileURLToPath(new URL('../web/console.sha256', import.meta.url));

export type Compared = { file: string; is: 'same' | 'other' | 'missing' };

/** `./lakana console verify https://…`. `list`: a list that came another way, as `sha256sum` writes them. */
export async function verifyConsole({ list = PUBLISHED }: { list?: string }, url = ''): Promise<Result> {
  if (!URL.canParse(url))
    throw new LakanaError('bad_address', 'give the address of the service, like https://lakana.example.org');
  const compared = await compareConsole(url, list);
  const wrong = compared.filter(({ is }) => is !== 'same');
  const said = { other: 'is another one', missing: 'does not come', same: '' };
  const text =
    wrong.length === 0
      ? `✓ All ${compared.length} files are as they were published.`
      : [
          ...wrong.map(({ file, is }) => `✗ ${file} ${said[is]}`),
          'Is it the same version? If so, nobody signs in until it is known why.',
        ].join('\n');
  return { text, json: { ok: wrong.length === 0, files: compared }, exitCode: wrong.length === 0 ? 0 : 1 };
}

/** No file of the console is bigger. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Fetches every file of `list` from a service, as a browser does, and compares what comes. */
export async function compareConsole(url: string, list: string): Promise<Compared[]> {
  const sums = await readFile(list, 'utf8').catch(() => {
    throw new LakanaError('no_list', `${list} cannot be read: there is nothing to compare with`);
  });
  await refuseElsewhere(url);
  const files = sums
    .trim()
    .split('\n')
    .map((line) => line.split('  ') as [string, string]);
  return Promise.all(
    files.map(async ([hash, file]) => {
      const address = new URL(`/console/${file === 'index.html' ? '' : file}`, url);
      const signal = AbortSignal.timeout(seconds(30));
      const answer = await openAsSet(address, {}, { signal }).catch(() => undefined);
      if (answer?.status !== 200) {
        answer?.close();
        return { file, is: 'missing' as const };
      }
      const { bytes } = await readAtMost(answer, MOST_BYTES);
      const came = createHash('sha256').update(bytes).digest('hex');
      return { file, is: came === hash ? ('same' as const) : ('other' as const) };
    }),
  );
}

/** A service has one address, at which people sign in, and sends on from others. */
async function refuseElsewhere(url: string): Promise<void> {
  const asked = new URL('/console/', url);
  const signal = AbortSignal.timeout(seconds(30));
  const answer = await openAsSet(asked, {}, { signal }).catch(() => undefined);
  answer?.close();
  const to = answer?.header('location');
  if (to)
    throw new LakanaError('moved', `${url} sends on to ${new URL(to, asked).origin}: give that address`);
}
