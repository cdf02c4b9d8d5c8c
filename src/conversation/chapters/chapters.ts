/**
 * The room to read in: its chapters, their pages, and what each page says.
 *
 * Invariant: a fact that nobody checked is left out, unless the operator has said that drafts are shown; then it is marked.
 */
import type { FlowValues, PlacedStep } from '../flows/compile.ts';
import { type Fact, isChecked } from '../flows/facts.ts';
import type { Flow } from '../flows/flow.ts';

/** What becomes of facts that nobody checked. */
export type Unchecked = 'hidden' | 'marked';

/** One line of a page: a text key, and the fact that it states if it states one. */
export type PageLine = { key: string; fact?: Fact & { id: string; isChecked: boolean } };

/** A chapter by its first page; pages follow each other in the order in which their buttons lead on. */
export type Chapter = { path: string; pages: string[] };

/** The room's flow; a service may have none. */
export function roomOf(flows: FlowValues): Flow | undefined {
  return [...flows.flows.values()].find(({ keeps }) => keeps === 'nothing');
}

/** The page that lists the chapters. */
export function contentsOf(flows: FlowValues): string | undefined {
  const room = roomOf(flows);
  return room && `${room.flow}.${Object.keys(room.steps)[0]}`;
}

/** Whether this is a page of the room. */
export const isPage = (flows: FlowValues, path: string): boolean =>
  flows.steps.get(path)?.step.ask === 'screen';

/** The chapters in their order. */
export function chaptersOf(flows: FlowValues): Chapter[] {
  const contents = contentsOf(flows);
  if (contents === undefined) return [];
  const firsts = pagesFrom(flows, contents);
  return firsts.map((path) => {
    const pages = new Set([path]);
    for (const page of pages)
      for (const to of pagesFrom(flows, page)) if (to !== contents && !firsts.includes(to)) pages.add(to);
    return { path, pages: [...pages] };
  });
}

/** The chapter that a page belongs to, by its first page. */
export function chapterAt(flows: FlowValues, path: string): string | undefined {
  return chaptersOf(flows).find(({ pages }) => pages.includes(path))?.path;
}

/** Pages that the buttons of this page lead to. */
function pagesFrom(flows: FlowValues, path: string): string[] {
  return (flows.ways.get(path) ?? []).map(({ to }) => to).filter((to) => isPage(flows, to));
}

/** What a page says under its title. `written`: the text of a key in the language in which it is read. */
export function linesOf(
  flows: FlowValues,
  { path, step }: PlacedStep,
  unchecked: Unchecked,
  written: (key: string) => string | undefined,
): PageLine[] {
  if (step.ask !== 'screen') return [];
  return step.says.flatMap((line): PageLine[] => {
    if (typeof line === 'string') return [{ key: `${path}.${line}` }];
    const fact = flows.knowledge.facts[line.fact];
    if (!fact) return [];
    const key = factKey(line.fact);
    const isSame = isChecked(fact, written(key));
    return unchecked === 'hidden' && !isSame
      ? []
      : [{ key, fact: { ...fact, id: line.fact, isChecked: isSame } }];
  });
}

/** Where the sentence of a fact stands. */
export const factKey = (id: string): string => `facts.${id}`;

export const titleKey = (path: string): string => `${path}.title`;
