/** What the pages in `docs/` say of files: they are there; and what comments cite of the pages is there too. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { RANKS, ROOMS } from './floors-and-rooms.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = 'src|test|docs|flows|locales|drizzle|bench';

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** Words with single spaces, without the marks of bold and italics. */
const plain = (text: string): string => text.replaceAll('*', '').replaceAll(/\s+/g, ' ').trim();

function filesUnder(folder: string, ending: RegExp): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => join(folder, name));
}

const pages = ['README.md', 'CONTRIBUTING.md', ...filesUnder('docs', /\.md$/)];

/** Paths as a page writes them, in backticks; one with `*` or `<…>` stands for several. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(new RegExp(`\`((?:${FOLDERS})/[\\w./-]*[\\w])\``, 'g'))].flatMap(
    ([, path]) => path ?? [],
  );
}

/** Files and parts of pages that a page links to. */
function linksIn(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .flatMap(([, link]) => link ?? [])
    .filter((link) => !/^(https?|mailto):/.test(link) && !link.startsWith('#'));
}

/** The pages that the people of an office go by. */
const FOR_THE_TEAM = ['operating', 'contacts', 'console', 'whatsapp', 'on-call'].map(
  (name) => `docs/${name}.md`,
);
/** Names of other programs. */
const OF_OTHERS = ['access_log', 'lakana_default', 'proxy_params', 'NODE_ENV'];
/** What an iPhone shows. */
const OF_A_PHONE = ['Partager', "Sur l'écran d'accueil"];

/** One apostrophe, and none doubled as YAML doubles it. */
const likeTyped = (text: string): string =>
  text.replaceAll('’', "'").replaceAll("''", "'").replaceAll(/\s+/g, ' ');
const plainLines = (text: string): string => text.replaceAll(/```.*?```/gs, '').replaceAll(/\s+/g, ' ');

describe('the pages for people who did not build it', () => {
  test.each(pages)('%s names files and pages that are there', (page) => {
    const text = read(page);
    const named = pathsIn(text).filter((path) => !existsSync(join(ROOT, path)));
    const linked = linksIn(text)
      .map((link) => relative(ROOT, resolve(ROOT, dirname(page), link.replace(/#.*$/, ''))))
      .filter((path) => !existsSync(join(ROOT, path)));
    expect([...named, ...linked]).toEqual([]);
  });

  test('twenty sentences of the design have a file each, and stand in it word for word', () => {
    const rows = read('docs/where-is-it.md')
      .split('\n')
      .flatMap((line) => {
        const [, sentence, file] = /^\| (.+) \| `([^`]+)` \|$/.exec(line) ?? [];
        return sentence && file ? [{ sentence, file }] : [];
      });
    expect(new Set(rows.map(({ file }) => file)).size).toBe(20);
    const design = plain(read('docs/design.md'));
    expect(rows.filter(({ sentence }) => !design.includes(plain(sentence)))).toEqual([]);
    // The page does not give the answer away.
    const sentences = rows.map(({ sentence }) => sentence).join('\n');
    expect(pathsIn(sentences)).toEqual([]);
    expect(rows.filter(({ file }) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  test('the rooms of the design are those of the house', () => {
    const design = read('docs/design.md');
    const foldersIn = (folder: string) =>
      readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      );
    const floors = foldersIn('src').map((floor) => `\`src/${floor}\``);
    const rooms = ['src/app', 'src/conversation'].flatMap(foldersIn).map((room) => `\`${room}\``);
    expect([...floors, ...rooms].filter((name) => !design.includes(name))).toEqual([]);
  });

  /** Names in backticks, in the order in which a page has them. */
  const namesIn = (text = ''): string[] =>
    [...text.matchAll(/`([\w/-]+)`/g)].flatMap(([, name]) => name ?? []);
  /** Whether no name stands before one of a lower rank. */
  const climbs = (ranks: readonly number[]): boolean => ranks.every((rank, n) => rank >= (ranks[n - 1] ?? 0));
  const rankIn = (floor: string, room: string): number =>
    (ROOMS[floor] ?? []).findIndex((rooms) => rooms.includes(room));
  /** What a page says of the rooms of a floor. */
  const roomsIn: Readonly<Record<string, Readonly<Record<string, () => string | undefined>>>> = {
    'README.md': {
      app: () => /^\| `src\/app` \|(.*)$/m.exec(read('README.md'))?.[1],
      conversation: () => /^\| `src\/conversation` \|(.*)$/m.exec(read('README.md'))?.[1],
    },
    'docs/design.md': {
      app: () =>
        read('docs/design.md')
          .split('The rooms of `src/app`, lowest first:')[1]
          ?.split('\n\n')[1]
          ?.split('\n')
          .map((row) => row.split('|')[1])
          .join('\n'),
      conversation: () =>
        /The rooms of `src\/conversation`, lowest first:(.*?)\n\n/s.exec(read('docs/design.md'))?.[1],
    },
  };
  test.each(Object.keys(roomsIn))('%s has the floors and rooms of the house, lowest first', (page) => {
    for (const [floor, said] of Object.entries(roomsIn[page] ?? {})) {
      const rooms = namesIn(said()).filter((name) => rankIn(floor, name) >= 0);
      expect([floor, rooms.toSorted()]).toEqual([floor, (ROOMS[floor] ?? []).flat().toSorted()]);
      expect([floor, rooms, climbs(rooms.map((room) => rankIn(floor, room)))]).toEqual([floor, rooms, true]);
    }
    const rows = read(page)
      .split('\n')
      .flatMap((line) => namesIn(/^\|(?: \d \|)? (`src\/[^|]*) \|/.exec(line)?.[1]));
    const floors = rows.map((name) => name.replace('src/', '')).filter((name) => name in RANKS);
    expect(floors.toSorted()).toEqual(Object.keys(RANKS).filter(Boolean).toSorted());
    expect([floors, climbs(floors.map((floor) => RANKS[floor] ?? 0))]).toEqual([floors, true]);
  });

  test('each decision has a row in their list', () => {
    const list = read('docs/decisions/README.md');
    const decisions = filesUnder('docs/decisions', /\.md$/).filter((path) => !path.endsWith('README.md'));
    expect(decisions.filter((path) => !list.includes(`](${relative('docs/decisions', path)})`))).toEqual([]);
    expect(decisions.length).toBeGreaterThan(5);
  });

  test('name events of the log, metrics and settings that there are, as they stand in the code', () => {
    const code = ['src', 'flows']
      .flatMap((folder) => filesUnder(folder, /\.(ts|tsx|yaml)$/))
      .concat('compose.yaml')
      .map(read)
      .join('\n');
    const there = new Set(code.match(/\w+/g));
    const named = FOR_THE_TEAM.flatMap((page) =>
      [...read(page).matchAll(/`([^`\n]+)`/g)].flatMap(
        ([, words = '']) => words.match(/\b[A-Za-z]+(_[A-Za-z]+)+\b/g) ?? [],
      ),
    );
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((name) => !there.has(name) && !OF_OTHERS.includes(name))).toEqual([]);
  });

  test('call what stands in the room and in the chats as it is called there', () => {
    const shown = ['console', 'officer', 'commands']
      .map((name) => read(`locales/fr/${name}.yaml`))
      .join('\n');
    const texts = likeTyped(shown);
    const called = FOR_THE_TEAM.filter(
      (page) => !page.endsWith('operating.md') && !page.endsWith('whatsapp.md'),
    ).flatMap((page) =>
      [...plainLines(read(page)).matchAll(/(?<![*\w])\*([^*\s`][^*`]*)\*(?!\*)/g)].map(
        ([, words = '']) => words,
      ),
    );
    expect(called.length).toBeGreaterThan(30);
    expect(
      called.filter((words) => !texts.includes(likeTyped(words)) && !OF_A_PHONE.includes(words)),
    ).toEqual([]);
  });

  test('comments in the code cite pages of this repository that are there, and none of elsewhere', () => {
    const files = [...filesUnder('src', /\.(ts|tsx|css|cjs)$/), ...filesUnder('test', /\.ts$/)];
    const cited = files.flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w/-]+\.md\b/g)].map(([path]) => ({ file, path })),
    );
    expect(cited.filter(({ path }) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(cited.length).toBeGreaterThan(10);
    const all = ['src', 'test', 'bench', 'release', 'docs', 'flows', 'locales', 'drizzle'].flatMap((folder) =>
      filesUnder(folder, /./),
    );
    const ends = new Set(
      [...all, ...readdirSync(ROOT)].flatMap((path) =>
        path.split('/').map((_, n, parts) => parts.slice(n).join('/')),
      ),
    );
    const named = files.flatMap((file) =>
      [...read(file).matchAll(/^\s*\/\*.*?\*\/|(?<!:)\/\/ [^\n]*/gms)].flatMap(([comment]) =>
        [...comment.matchAll(/(?<![\w./*<>{}…-])[\w-][\w./-]*\.tsx?\b/g)].map(([path]) => ({ file, path })),
      ),
    );
    expect(named.filter(({ path }) => !ends.has(path))).toEqual([]);
    expect(named.length).toBeGreaterThan(100);
    const elsewhere = /\b(DESIGN|PLATFORM-FACTS|STYLE)(\.md)?\b/;
    const own = relative(ROOT, import.meta.filename);
    expect(files.filter((file) => file !== own && elsewhere.test(read(file)))).toEqual([]);
  });
});
