/**
 * The chapters as something to be read without the bot: on the public page, on a leaflet. In one language, with its sources
 * numbered in the order in which they are first named.
 *
 * Invariants: what is left out in the bot is left out here; a contact outside is named for as long as it is in the bot.
 */
import type { Flows } from '../flows/compile.ts';
import { type Fresh, OUTSIDE, verifiedContacts } from '../flows/outside-contacts.ts';
import type { Texts } from '../words/texts.ts';
import { chaptersOf, linesOf, titleKey, type Unchecked } from './chapters.ts';

export type Handbook = { language: string; chapters: HandbookChapter[]; sources: HandbookSource[] };

export type HandbookChapter = { id: string; pages: HandbookPage[] };

/** `contacts`: organisations outside, where the page names them; there may be none today. */
export type HandbookPage = { title: string; lines: HandbookLine[]; contacts?: HandbookContact[] };

/** `sources`: their numbers, from 1. `isReported`: the source tells of a text that nobody read here. */
export type HandbookLine = { text: string; sources: number[]; isReported: boolean; isUnchecked: boolean };

type HandbookContact = { name: string; contact: string; isAlwaysOpen: boolean; verifiedOn: string };

export type HandbookSource = { title: string; date?: string | undefined; address: string };

export type HandbookOf = { flows: Flows; texts: Texts; fresh: Fresh; unchecked: Unchecked };

/** All chapters, page by page. */
export function handbookOf({ flows, texts, fresh, unchecked }: HandbookOf, language: string): Handbook {
  const numbers = new Map<string, number>();
  const numberOf = (source: string): number => {
    const number = numbers.get(source) ?? numbers.size + 1;
    numbers.set(source, number);
    return number;
  };
  const contacts = verifiedContacts(flows.lists.get(OUTSIDE), fresh, { stateAgents: true }).map(
    ({ code, ...contact }) => ({ ...contact, name: texts.t(language, `lists.${OUTSIDE}.${code}`) }),
  );
  const pageAt = (path: string): HandbookPage[] => {
    const placed = flows.steps.get(path);
    if (placed?.step.ask !== 'screen') return [];
    const lines = linesOf(flows, placed, unchecked, (key) => texts.template(language, key)).map(
      ({ key, fact }): HandbookLine => ({
        text: texts.t(language, key),
        sources: (fact?.sources ?? []).filter((each) => flows.knowledge.sources[each]).map(numberOf),
        isReported: fact?.kind === 'reported',
        isUnchecked: fact !== undefined && !fact.isChecked,
      }),
    );
    const named = placed.step.does === 'name_outside' ? { contacts } : {};
    return [{ title: texts.t(language, titleKey(path)), lines, ...named }];
  };
  const chapters = chaptersOf(flows).map(({ path, pages }) => ({
    id: path.split('.')[1] ?? path,
    pages: pages.flatMap(pageAt),
  }));
  const sources = [...numbers.keys()].flatMap((key) => flows.knowledge.sources[key] ?? []);
  return { language, chapters, sources };
}
