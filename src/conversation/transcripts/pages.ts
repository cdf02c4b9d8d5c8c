/** Conversations as pages in Markdown, that those who answer for the texts can read and correct. */
import type { Conversation } from '../asking/turn.ts';
import { filled } from '../words/filled.ts';
import type { InventedPerson, People } from './person.ts';
import { type Entry, type Talk, talk } from './talk.ts';

export type Page = { name: string; text: string };

/** A page for each person, and one that lists them. `offer`: what is on offer, a draft besides. Throws `conversation_stuck`. */
export function conversationPages(
  offer: (draft?: string) => Conversation,
  { page: words, people }: People,
): { pages: Page[]; unused: { file: string; step: string }[] } {
  const deps = offer();
  const talks = people.map((person, index) => ({
    person,
    talk: talk(offer(person.draft), person),
    name: `${String(index + 1).padStart(2, '0')}-${person.file}.md`,
  }));
  const levelOf = ({ level }: Talk) => (level ? deps.texts.t('fr', `officer.level.${level}`) : '–');
  const rows = talks.map(
    ({ person, talk, name }) =>
      `| [${person.title}](${name}) | ${person.about} | ${talk.screens} | ${levelOf(talk)} |`,
  );
  const index = [
    `# ${words.title}`,
    words.about ?? '',
    [words.columns ?? '', '| --- | --- | --- | --- |', ...rows].join('\n'),
    words.correct ?? '',
  ];
  return {
    pages: [
      { name: 'README.md', text: `${index.map((each) => each.trim()).join('\n\n')}\n` },
      ...talks.map(({ person, talk, name }) => ({ name, text: pageOf(deps, words, person, talk) })),
    ],
    unused: talks.flatMap(({ person, talk }) => talk.unused.map((step) => ({ file: person.file, step }))),
  };
}

function pageOf(
  deps: Conversation,
  words: People['page'],
  { title, about }: InventedPerson,
  { entries }: Talk,
): string {
  const level = (code: string) => deps.texts.t('fr', `officer.level.${code}`);
  const blocks = entries.map((entry) => blockOf(words, entry, level));
  return `${[`# ${title}`, about, words.made ?? '', ...blocks].join('\n\n')}\n`;
}

function blockOf(words: People['page'], entry: Entry, level: (code: string) => string): string {
  switch (entry.is) {
    case 'person':
      return `**${words.person} :** ${plain(entry.text).join('  \n')}`;
    case 'file':
      return `**${words.person} :** *${words[entry.what]} :* « ${entry.text} »`;
    case 'service':
      return quoted(words, entry.text, entry.buttons);
    case 'note':
      return `*${entry.text}*`;
    case 'level':
      return `*${filled(words[entry.isCalled ? 'called' : 'opened'] ?? '', { level: level(entry.level) })}*`;
    case 'sent':
      return `*${words.sent}*`;
  }
}

/** What the service says: set off, each line on its own. */
function quoted(words: People['page'], text: string, buttons: readonly string[]): string {
  const paragraphs = text.split('\n\n').map((paragraph) =>
    plain(paragraph)
      .map((line) => `> ${line}`)
      .join('  \n'),
  );
  const offered = buttons.length > 0 ? [`> *${words.buttons} :* ${buttons.join(' · ')}`] : [];
  return [...paragraphs, ...offered].join('\n>\n');
}

/** Lines that Markdown takes as they stand: "1." makes a list of its own, which would be numbered anew. */
function plain(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/^(\d+)\. /, '$1\\. ').replace(/([*_<>])/g, '\\$1'));
}
