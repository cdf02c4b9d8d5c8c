/**
 * `npm run release [-- FOLDER]`: an archive that runs on a machine of this kind without a registry, the list of its parts
 * (CycloneDX), the hashes of the console, and the hash of each. The same sources and packages give the same archive.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { partsOf } from './parts.ts';
import { gather, packagesOf } from './tree.ts';

const run = promisify(execFile);
const PROJECT = resolve(import.meta.dirname, '..');
const out = resolve(process.argv[2] ?? join(PROJECT, 'release/out'));

const { name, version } = JSON.parse(await readFile(join(PROJECT, 'package.json'), 'utf8'));
const title = `${name}-${version}-${process.platform}-${process.arch}`;
const work = await mkdtemp(join(tmpdir(), 'lakana-release-'));
try {
  await mkdir(out, { recursive: true });
  await gather(PROJECT, join(work, title));
  const archive = join(out, `${title}.tar.gz`);
  // Without names, owners and times of this machine. GNU tar: releases are made on Linux.
  const like = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=u+w,go=rX'];
  await run('tar', [...like, '--use-compress-program=gzip -n', '-cf', archive, '-C', work, title]);
  const parts = join(out, `${title}.cdx.json`);
  await writeFile(parts, await listOfParts());
  const pages = join(out, `${title}.console.sha256`);
  await copyFile(join(PROJECT, 'src/web/console.sha256'), pages);
  const sums = await Promise.all(
    [archive, parts, pages].map(async (file) => `${await hashOf(file)}  ${basename(file)}\n`),
  );
  await writeFile(join(out, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(`${out}\n${sums.join('')}`);
} finally {
  await rm(work, { recursive: true, force: true });
}

/** No registry is asked. */
async function listOfParts(): Promise<string> {
  const { stdout } = await run('npm', ['sbom', '--sbom-format=cyclonedx', '--offline'], {
    cwd: PROJECT,
    maxBuffer: 64 * 1024 * 1024,
  });
  return partsOf(PROJECT, await packagesOf(PROJECT), stdout);
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
