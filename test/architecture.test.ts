import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

/** DESIGN.md section 3: a file imports from its own folder and from lower ranks only. */
const RANKS: Readonly<Record<string, number>> = {
  kernel: 0,
  crypto: 1,
  conversation: 1,
  cases: 2,
  alerts: 2,
  channels: 3,
  db: 3,
  app: 4,
  http: 5,
  web: 5,
  commands: 6,
  service: 6,
  '': 6,
};

/** What may be imported beyond the ranks, and from where it must be kept away although the ranks would allow it. */
const TOP_FLOOR = new Set(['', 'commands', 'service']);
const CHANNELS_MAY = new Set(['kernel', 'channels']);

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

type Import = { file: string; folder: string; target: string; targetFolder: string; isType: boolean };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesUnder(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}

function folderOf(path: string): string {
  const [first = '', ...rest] = relative(source, path).split('/');
  return rest.length === 0 ? '' : first;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'(\.[^']+)'|import\('(\.[^']+)'\)/g,
  );
  return [...found].map((match) => {
    const target = resolve(dirname(file), match[2] ?? match[3] ?? '');
    return {
      file: relative(root, file),
      folder: folderOf(file),
      target: relative(root, target),
      targetFolder: folderOf(target),
      isType: match[1] !== undefined,
    };
  });
}

const imports = filesUnder(source).flatMap(importsOf);

describe('the house', () => {
  test('has only rooms that the design names', () => {
    const folders = new Set(filesUnder(source).map(folderOf));
    expect([...folders].filter((folder) => !(folder in RANKS))).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  test('is entered downwards: a file imports from its own folder or from lower ranks', () => {
    const wrong = imports.filter(({ folder, targetFolder }) => {
      if (folder === targetFolder) return false;
      return (RANKS[targetFolder] ?? 99) >= (RANKS[folder] ?? -1);
    });
    const allowed = wrong.filter(({ folder, targetFolder, isType }) => {
      // main, the service it puts together, the commands and the settings share the top floor.
      if (TOP_FLOOR.has(folder)) return TOP_FLOOR.has(targetFolder);
      return isType && folder === 'web';
    });
    const broken = wrong.filter((each) => !allowed.includes(each));
    expect(broken.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('keeps messengers from knowing anything of cases, keys or tables', () => {
    const wrong = imports.filter(
      ({ folder, targetFolder }) => folder === 'channels' && !CHANNELS_MAY.has(targetFolder),
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('keeps one messenger from knowing another', () => {
    const own = (path: string) => /^src\/channels\/([^/]+)\//.exec(path)?.[1];
    const wrong = imports.filter(({ file, target }) => {
      const [from, to] = [own(file), own(target)];
      return from !== undefined && to !== undefined && from !== to;
    });
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('keeps browser programs to the types of their own interface, and the console to keys that open in a browser', () => {
    const interfaces =
      /^src\/(channels\/simulator\/api|http\/console\/api|app\/console\/[a-z-]+|conversation\/answer)\.ts$/;
    const shared = new Set([
      'src/kernel/packed.ts',
      'src/kernel/fold.ts',
      'src/kernel/unicode.ts',
      'src/crypto/case-key.ts',
      'src/crypto/member-binding.ts',
      'src/crypto/member-key.ts',
      'src/crypto/signing-keys.ts',
      'src/cases/evidence-seal.ts',
      'src/cases/file-check.ts',
      'src/cases/file-types.ts',
      'src/crypto/bytes.ts',
      'src/crypto/case-binding.ts',
      'src/crypto/case-check.ts',
      'src/crypto/chain.ts',
      'src/crypto/fingerprint.ts',
      'src/crypto/hash-of-parts.ts',
      'src/crypto/hashing.ts',
      'src/crypto/signing-keys.ts',
      'src/crypto/verifier.ts',
    ]);
    const wrong = imports.filter(
      ({ file, folder, targetFolder, target, isType }) =>
        folder === 'web' &&
        targetFolder !== 'web' &&
        !(isType && interfaces.test(target)) &&
        !(file.startsWith('src/web/console/') && shared.has(target)),
    );
    expect(wrong.map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
  });

  test('asks questions without touching network, database, clock or disk', () => {
    const impure = filesUnder(join(source, 'conversation')).filter((file) =>
      /from '(node:(fs|net|http|timers|child_process)[^']*|postgres|drizzle-orm[^']*|grammy|fastify)'|Date\.now\(|new Date\(\)|Math\.random|setTimeout|fetch\(/.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(impure.map((file) => relative(root, file))).toEqual([]);
  });

  test('decides about alerts and cases by values alone', () => {
    const impure = ['alerts', 'cases']
      .flatMap((folder) => filesUnder(join(source, folder)))
      .filter((file) =>
        /node:(fs|net|http)|Date\.now\(|new Date\(\)|setTimeout/.test(readFileSync(file, 'utf8')),
      );
    expect(impure.map((file) => relative(root, file))).toEqual([]);
  });

  test('reads settings in one place', () => {
    const readers = filesUnder(source).filter((file) => /process\.env/.test(readFileSync(file, 'utf8')));
    // The commands hand the environment to config.ts, and keys can be made before there are settings.
    const known = ['src/config.ts', 'src/service/run.ts', 'src/commands/server.ts', 'src/commands/keys.ts'];
    expect(readers.map((file) => relative(root, file)).filter((file) => !known.includes(file))).toEqual([]);
  });

  test('prints only through the logger', () => {
    const printers = filesUnder(source).filter(
      (file) =>
        folderOf(file) !== 'web' && /console\.(log|info|warn|error)\(/.test(readFileSync(file, 'utf8')),
    );
    expect(printers.map((file) => relative(root, file))).toEqual([]);
  });
});
