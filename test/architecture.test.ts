/**
 * The house: floors, rooms, and which way a file may look.
 *
 * Each folder of `src/` is a floor, and the two biggest, `src/app` and `src/conversation`, have rooms. A file imports from
 * its own room or from lower ones; rooms of one rank do not import each other; nothing imports in a circle; a room holds
 * few enough files to be seen at once. What imports what is read by dependency-cruiser (with SWC, since it cannot read
 * TypeScript by the compiler of version 7).
 *
 * The rooms of `src/app`:
 * - `keys`: what lies under which key: the day's, the server's, a receipt code, a push; addresses of people;
 * - `ground`: what every use case stands on: the context, the transaction, the outbox, jobs, the clock;
 * - `records`: cases, alerts, conversations, links to reporters, names and the audit log as they are kept;
 * - `changes`: what people of the house said and recorded over the files, as rows that only the server can have written;
 * - `voices`: recordings of what is asked, and voice notes that are made of them;
 * - `duty`: officers, their contacts, notices and texts, the duty plan, the digest;
 * - `watch`: what is looked at so that a dead channel, a full disk or a guesser of codes is known, and said;
 * - `texts`: what people of the house say differently from the files, and whose yes it takes;
 * - `alerts`: raising, paging, escalating, carrying out what the policy decides, exercises, who must not know, adding to a case;
 * - `reporters`: conversing, effects, evidence, timers, forgetting, finding a case again;
 * - `decisions`: what people decide about alerts, each a use case that returns what came of it as a value;
 * - `officer-chat`: what officers write and press. `sending`: deliveries and what becomes of them;
 * - `console`: cases as the room in the browser shows them, and what is done there. `members`: who may come in there, by which
 *   devices, with which key. `intake`: the way in. `keeping`: backups and what follows a restore.
 *
 * Adding to a case stands in `alerts` and not in `records`: a case whose key is not the signed one goes on in a fresh
 * case, for which an officer is sought. Names of officers stand in `records`, since who may know a case is told by
 * them.
 *
 * The rooms of `src/conversation`: `values` that travel, `reading` of numbers, days and languages, `words` that are
 * understood and said, what a house `said` over them, `flows` as staff write them, the `chapters` of the room to read in, their
 * `checks`, `asking` a question, the `meaning` of what comes, the `signals` that answer nothing, the `steps` that an answer leads to,
 * and `transcripts` of whole conversations.
 */
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';
import { filesUnder as everyFileUnder } from './files-under.ts';
import { RANKS, ROOMS } from './floors-and-rooms.ts';

/** Files in a room. */
const MOST = 20;

/** What may be imported beyond the ranks, and from where it must be kept away although the ranks would allow it. */
const TOP_FLOOR = new Set(['', 'messengers', 'commands', 'doctor', 'service']);
const CHANNELS_MAY = new Set(['kernel', 'channels']);

/** How a text is filled in: the same for what is sent and for what a page says. */
const FILLED = 'src/conversation/words/filled.ts';

const root = resolve(import.meta.dirname, '..');
const source = join(root, 'src');

type Import = { file: string; folder: string; target: string; targetFolder: string; isType: boolean };

const filesUnder = (folder: string): string[] =>
  everyFileUnder(folder).filter((path) => /\.tsx?$/.test(path));

function folderOf(path: string): string {
  const [first = '', ...rest] = relative(source, resolve(root, path)).split('/');
  return rest.length === 0 ? '' : first;
}

/** The room on its floor; undefined: the file lies on the floor itself, outside every room. */
function roomOf(path: string): string | undefined {
  const [, second, ...rest] = relative(source, resolve(root, path)).split('/');
  return rest.length === 0 ? undefined : second;
}

const rankOf = (floor: string, room: string | undefined): number =>
  (ROOMS[floor] ?? []).findIndex((rooms) => room !== undefined && rooms.includes(room));

const cruised = await cruise(['src'], {
  baseDir: root,
  parser: 'swc',
  tsPreCompilationDeps: true,
  includeOnly: { path: '^src' },
  validate: true,
  ruleSet: { forbidden: [{ name: 'circle', severity: 'error', from: {}, to: { circular: true } }] },
});
if (typeof cruised.output === 'string') throw new TypeError('dependency-cruiser answered in words');
const { modules, summary } = cruised.output;

const imports: Import[] = modules.flatMap(({ source: file, dependencies }) =>
  dependencies.map(({ resolved: target, dependencyTypes }) => ({
    file,
    folder: folderOf(file),
    target,
    targetFolder: folderOf(target),
    isType: dependencyTypes.includes('type-only'),
  })),
);

const said = (wrong: readonly Import[]): string[] =>
  wrong.map(({ file, target }) => `${file} imports ${target}`);

const turned = ({ file, folder, target, targetFolder, isType }: Import): Import => ({
  file: target,
  folder: targetFolder,
  target: file,
  targetFolder: folder,
  isType,
});

const isBetweenRoomsOf = (floor: string, { file, folder, target, targetFolder }: Import): boolean =>
  folder === floor && targetFolder === floor && roomOf(file) !== roomOf(target);

/** Those that go from a room to a higher one, or to one beside it. */
const upwardsOn = (floor: string, all: readonly Import[]): Import[] =>
  all.filter(
    (each) =>
      isBetweenRoomsOf(floor, each) && rankOf(floor, roomOf(each.target)) >= rankOf(floor, roomOf(each.file)),
  );

/** Those that go from a floor to a higher one, or to one beside it. */
function upwards(all: readonly Import[]): Import[] {
  return all.filter(({ folder, targetFolder, isType }) => {
    if (folder === targetFolder) return false;
    if ((RANKS[targetFolder] ?? 99) < (RANKS[folder] ?? -1)) return false;
    // main, the service it puts together, the commands and the settings share the top floor.
    if (TOP_FLOOR.has(folder)) return !TOP_FLOOR.has(targetFolder);
    return !(isType && folder === 'web');
  });
}

describe('what tests share', () => {
  test('is cleaned up by each test: a hook of a whole file would only work in the first one that loads it', () => {
    const helpers = filesUnder(resolve(root, 'test')).filter((file) => !file.endsWith('.test.ts'));
    const hooks = /^(before|after)(Each|All)\(/m;
    expect(helpers.filter((file) => hooks.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});

describe('the house', () => {
  test('has only rooms that the design names', () => {
    const folders = new Set(filesUnder(source).map(folderOf));
    expect([...folders].filter((folder) => !(folder in RANKS))).toEqual([]);
    // Every file was read, with what it imports, whole modules and types.
    const read = new Set(modules.map(({ source: file }) => file));
    expect(filesUnder(source).filter((file) => !read.has(relative(root, file)))).toEqual([]);
    expect(imports.filter(({ isType }) => isType).length).toBeGreaterThan(500);
    expect(imports.filter(({ isType }) => !isType).length).toBeGreaterThan(1_000);
  });

  test('has no circles: nothing imports, over whatever others, what imports it', () => {
    expect(summary.violations.map(({ from, to }) => `${from} stands in a circle with ${to}`)).toEqual([]);
  });

  test.each(Object.keys(ROOMS))('is entered downwards from room to room on the floor %s', (floor) => {
    const here = filesUnder(join(source, floor));
    expect(here.filter((file) => rankOf(floor, roomOf(file)) < 0)).toEqual([]);
    expect(said(upwardsOn(floor, imports))).toEqual([]);
    // Any one of them turned round would be found.
    const between = imports.filter((each) => isBetweenRoomsOf(floor, each));
    for (const each of between) expect(upwardsOn(floor, [turned(each)])).toHaveLength(1);
    expect(between.length).toBeGreaterThan(10);
  });

  test('has rooms whose files can be seen at once', () => {
    const full = Object.entries(ROOMS).flatMap(([floor, ranks]) =>
      ranks.flat().map((room) => [`${floor}/${room}`, filesUnder(join(source, floor, room)).length] as const),
    );
    expect(full.filter(([, files]) => files > MOST)).toEqual([]);
  });

  test('is entered downwards: a file imports from its own folder or from lower ranks', () => {
    expect(said(upwards(imports))).toEqual([]);
    const between = imports.filter(({ folder, targetFolder }) => RANKS[folder] !== RANKS[targetFolder]);
    for (const each of between) expect(upwards([{ ...turned(each), isType: false }])).toHaveLength(1);
    expect(between.length).toBeGreaterThan(500);
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
      /^src\/(channels\/simulator\/api|contract\/[a-z-]+|conversation\/values\/answer|conversation\/words\/[a-z]+-keys)\.ts$/;
    const shared = new Set([
      'src/kernel/packed.ts',
      'src/kernel/fold.ts',
      'src/kernel/unicode.ts',
      'src/kernel/vocabulary.ts',
      'src/crypto/age.ts',
      'src/crypto/case-key.ts',
      'src/crypto/seal-stream.ts',
      'src/crypto/member-binding.ts',
      'src/crypto/member-key.ts',
      'src/crypto/signing-keys.ts',
      'src/cases/evidence-seal.ts',
      'src/cases/file-check.ts',
      'src/cases/file-types.ts',
      'src/cases/lists.ts',
      'src/conversation/words/telling.ts',
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
        target !== FILLED &&
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
    // The commands hand the environment to config.ts, and keys can be made before there are settings. What systemd says to what it
    // starts is no setting.
    const known = [
      'src/config.ts',
      'src/service/run.ts',
      'src/commands/server.ts',
      'src/commands/keys.ts',
      'src/main.ts',
    ];
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
