import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Debian's packages, as they come, unpacked into a folder: nothing is installed on the machine. */
export async function unpackDebian(folder: string, packages: readonly string[]): Promise<void> {
  const download = () => run('apt-get', ['download', ...packages], { cwd: folder });
  await download().catch(async () => {
    await run('apt-get', ['update']);
    await download();
  });
  await run('sh', ['-c', 'for each in *.deb; do dpkg-deb -x "$each" .; rm "$each"; done'], { cwd: folder });
}

/** The first lines for this program on a page; default docs/operating/proxy.md. */
export async function recipe(
  program: 'caddy' | 'nginx' | 'nft' | 'tor' | 'yaml',
  page = 'docs/operating/proxy.md',
): Promise<string> {
  const text = await readFile(page, 'utf8');
  const [, found] = new RegExp(`\`\`\`${program}\\n([\\s\\S]+?)\`\`\``).exec(text) ?? [];
  if (!found) throw new Error(`no lines for ${program} in ${page}`);
  return found;
}
