/**
 * Whether the room to read in is as it must be: pages that fit a small phone, facts with words and sources, and from each page
 * at most two taps to SOS, to a report and to a person.
 */
import { chaptersOf, factKey, isPage, roomOf, titleKey } from '../chapters/chapters.ts';
import type { FlowValues, PlacedStep } from '../flows/compile.ts';
import { FACTS_FILE, SOURCES_FILE } from '../flows/facts.ts';
import type { TextFiles } from '../words/texts.ts';
import type { FlatTexts } from './check-plurals.ts';
import { flatten } from './check-texts.ts';
import { fileOf, fileOfKey, type Problem } from './problem.ts';

/** Characters of a page with its title and every fact. */
const LONGEST_PAGE = 700;
/** Pages behind the first one of a chapter. */
const MOST_FURTHER = 2;
/** Taps to SOS, to a report and to a person. */
const MOST_TAPS = 2;

export function checkRoom(flows: FlowValues, files: TextFiles): Problem[] {
  if (!roomOf(flows)) return [];
  return [
    ...stated(flows),
    ...sourced(flows),
    ...lengths(flows),
    ...places(flows),
    ...taps(flows),
    ...Object.keys(files).flatMap((language) => longPages(flows, language, flatten(files[language]))),
  ];
}

const pages = (flows: FlowValues): PlacedStep[] =>
  [...flows.steps.values()].filter(({ path }) => isPage(flows, path));

const factsOf = ({ step }: PlacedStep): string[] =>
  step.ask === 'screen' ? step.says.flatMap((line) => (typeof line === 'string' ? [] : [line.fact])) : [];

/** Every fact that a page states has its record, and every record stands on a page. */
function stated(flows: FlowValues): Problem[] {
  const { facts } = flows.knowledge;
  const named = new Set(pages(flows).flatMap(factsOf));
  return [
    ...pages(flows).flatMap((placed) =>
      factsOf(placed)
        .filter((id) => !facts[id])
        .map((id) => ({
          file: fileOf(placed),
          key: placed.id,
          problem: `there is no fact "${id}"`,
          mend: `write it into ${FACTS_FILE}, or correct the name`,
        })),
    ),
    ...Object.keys(facts)
      .filter((id) => !named.has(id))
      .map((id) => ({
        file: FACTS_FILE,
        key: id,
        problem: 'no page states this fact',
        mend: 'name it on a page, or take it out',
      })),
  ];
}

function sourced(flows: FlowValues): Problem[] {
  const { facts, sources } = flows.knowledge;
  const named = new Set(Object.values(facts).flatMap((fact) => fact.sources));
  return [
    ...Object.entries(facts).flatMap(([key, fact]): Problem[] => {
      const file = FACTS_FILE;
      const strange = fact.sources.filter((source) => !sources[source]);
      return [
        ...(fact.sources.length === 0
          ? [{ file, key, problem: 'has no source', mend: `name one of ${SOURCES_FILE}` }]
          : []),
        ...strange.map((source) => ({
          file,
          key,
          problem: `there is no source "${source}"`,
          mend: `write it into ${SOURCES_FILE}, or correct the name`,
        })),
        ...((fact.checked_on === undefined) === (fact.checked_by === undefined)
          ? []
          : [{ file, key, problem: 'says half of who checked it and when', mend: 'write both, or neither' }]),
        ...((fact.checked_on === undefined) === (Object.keys(fact.sentences).length === 0)
          ? []
          : [
              {
                file,
                key,
                problem: 'says that it was checked, or which sentence was, and not both',
                mend: 'write the line that ./lakana mechanism facts prints',
              },
            ]),
      ];
    }),
    ...Object.keys(sources)
      .filter((key) => !named.has(key))
      .map((key) => ({
        file: SOURCES_FILE,
        key,
        problem: 'no fact names this source',
        mend: 'name it, or take it out',
      })),
  ];
}

function lengths(flows: FlowValues): Problem[] {
  return chaptersOf(flows)
    .filter((chapter) => chapter.pages.length > 1 + MOST_FURTHER)
    .map(({ path }) => ({
      file: fileOf({ flow: path.split('.')[0] ?? '' }),
      key: path.split('.')[1] ?? '',
      problem: `more than ${MOST_FURTHER} pages follow this one`,
      mend: 'say less, or make two chapters of it',
    }));
}

/** A page belongs to one chapter, since one goes back to it; and no question of a report may be taken for it. */
function places(flows: FlowValues): Problem[] {
  const chapters = chaptersOf(flows);
  return pages(flows).flatMap((placed): Problem[] => {
    const { path, id } = placed;
    const file = fileOf(placed);
    const isTwice = chapters.filter((chapter) => chapter.pages.includes(path)).length > 1;
    const isQuestion = (flows.pathsOf.get(id) ?? []).length > 1;
    return [
      ...(isTwice
        ? [
            {
              file,
              key: id,
              problem: 'stands in two chapters',
              mend: 'lead to the first page of its chapter',
            },
          ]
        : []),
      ...(isQuestion
        ? [{ file, key: id, problem: 'a question is called so too', mend: 'give the page another name' }]
        : []),
    ];
  });
}

/** SOS and a person stand under every page; a report must be near. Pages are left by their buttons alone. */
function taps(flows: FlowValues): Problem[] {
  return pages(flows).flatMap((placed): Problem[] => {
    const reached = new Set([placed.path]);
    for (let tap = 0; tap < MOST_TAPS; tap++)
      for (const path of [...reached]) for (const { to } of flows.ways.get(path) ?? []) reached.add(to);
    if ([...reached].some((path) => path.startsWith('report.'))) return [];
    return [
      {
        file: fileOf(placed),
        key: placed.id,
        problem: `a report is further than ${MOST_TAPS} taps`,
        mend: 'write "report" into leads_to',
      },
    ];
  });
}

function longPages(flows: FlowValues, language: string, texts: FlatTexts): Problem[] {
  return pages(flows).flatMap((placed): Problem[] => {
    const { length } = pageText(placed, texts);
    if (length <= LONGEST_PAGE) return [];
    const key = titleKey(placed.path);
    return [
      {
        file: fileOfKey(language, key),
        key: placed.path,
        problem: `the page has ${length} characters, more than ${LONGEST_PAGE}`,
        mend: 'say it shorter, or put a part on a further page',
      },
    ];
  });
}

/** As it is read where every fact is shown. */
function pageText({ path, step }: PlacedStep, texts: FlatTexts): string {
  if (step.ask !== 'screen') return '';
  const lines = step.says.map((line) => (typeof line === 'string' ? `${path}.${line}` : factKey(line.fact)));
  return [titleKey(path), '', ...lines].map((key) => String(texts.get(key) ?? '')).join('\n');
}
