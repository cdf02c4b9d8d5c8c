/** A Dockerfile taken step by step, without an engine: each stage is a machine that is thrown away (`debian-root.ts`). */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, matchesGlob } from 'node:path';
import { promisify } from 'node:util';
import { type DebianRoot, openDebianRoot } from './debian-root.ts';

const run = promisify(execFile);

export type Image = {
  root: DebianRoot;
  env: Record<string, string>;
  folder: string;
  user: string;
  command: string[];
  health: string[];
};

/** Each instruction with its words; one over several lines is one. */
async function instructionsOf(file: string): Promise<{ name: string; rest: string }[]> {
  const text = (await readFile(file, 'utf8')).replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, ' ');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return { name, rest: rest.join(' ') };
    });
}

/** What an engine would send: what git knows, without what `.dockerignore` names. */
async function contextOf(project: string): Promise<string[]> {
  const ignored = (await readFile(join(project, '.dockerignore'), 'utf8')).trim().split('\n');
  const { stdout } = await run('git', ['ls-files'], { cwd: project, maxBuffer: 16 * 1024 * 1024 });
  return stdout
    .trim()
    .split('\n')
    .filter(
      (path) =>
        !ignored.some((name) => path === name || path.startsWith(`${name}/`) || matchesGlob(path, name)),
    );
}

/** Takes every step; `prepare` makes a base image of a machine. Resolves to the last stage; `opened` gets each. */
export async function build(
  project: string,
  prepare: (root: DebianRoot) => Promise<void>,
  opened: DebianRoot[],
): Promise<Image> {
  const stages = new Map<string, Image>();
  let image: Image | undefined;
  for (const { name, rest } of await instructionsOf(join(project, 'Dockerfile'))) {
    if (name === 'FROM') {
      const root = await openDebianRoot();
      opened.push(root);
      await prepare(root);
      image = { root, env: {}, folder: '/', user: 'root', command: [], health: [] };
      const [, called] = / AS (\w+)$/.exec(rest) ?? [];
      if (called) stages.set(called, image);
    } else if (name !== 'ARG') {
      if (!image) throw new Error(`${name} before FROM`);
      await take(image, name, rest, project, stages);
    }
  }
  if (!image) throw new Error('no stage');
  return image;
}

async function take(image: Image, name: string, rest: string, project: string, stages: Map<string, Image>) {
  const { root } = image;
  if (name === 'ENV')
    Object.assign(
      image.env,
      Object.fromEntries(rest.split(' ').map((each) => each.split('=') as [string, string])),
    );
  else if (name === 'WORKDIR') {
    image.folder = rest;
    await mkdir(join(root.path, rest), { recursive: true });
  } else if (name === 'RUN') await root.types(rest, image.folder);
  else if (name === 'COPY') await copy(image, rest.split(' '), project, stages);
  else if (name === 'USER') image.user = rest;
  else if (name === 'CMD') image.command = JSON.parse(rest);
  else if (name === 'HEALTHCHECK') image.health = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4));
  else if (name !== 'VOLUME' && name !== 'EXPOSE') throw new Error(`what is ${name}?`);
}

async function copy(
  image: Image,
  words: string[],
  project: string,
  stages: Map<string, Image>,
): Promise<void> {
  const to = join(image.root.path, image.folder);
  const [, from] = /^--from=(\w+)$/.exec(words[0] ?? '') ?? [];
  const paths = words.filter((word) => !word.startsWith('--')).slice(0, -1);
  if (from) {
    const [path = ''] = paths;
    await run('cp', ['-a', `${join(stages.get(from)?.root.path ?? '', path)}/.`, to]);
    await run('chown', ['-R', 'root:root', to]);
    return;
  }
  const context = await contextOf(project);
  for (const path of paths[0] === '.' ? context : paths) {
    if (!context.includes(path)) throw new Error(`.dockerignore keeps ${path} out`);
    await mkdir(join(to, dirname(path)), { recursive: true });
    await cp(join(project, path), join(to, path));
  }
}
