/** What is read of `ops/` and of the pages that its rules name. */
import { readFile } from 'node:fs/promises';

export const ROOT = new URL('../', import.meta.url).pathname;

/** Names of what is asked for; `up` is Prometheus's own. */
export const metricsIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/\b(?:lakana_\w+|up)\b/g)].map(([name]) =>
      name === 'up' ? 'lakana_database_up' : name.replace(/_bucket$/, ''),
    ),
  ),
];

/** The parts of a page, as a link names them. */
export async function headingsOf(page: string): Promise<string[]> {
  const text = await readFile(ROOT + page, 'utf8').catch(() => '');
  return [...text.matchAll(/^#{2,4} (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
}
