/** `mechanism facts`: which sentences on laws and institutions were compared with their sources, and which not any more. */
import { factKey } from '../conversation/chapters/chapters.ts';
import { type Fact, isChecked, sentenceVersion } from '../conversation/flows/facts.ts';
import type { Texts } from '../conversation/words/texts.ts';
import { projectFlows } from '../service/own-content.ts';
import type { Result } from './command.ts';

type FactState = {
  id: string;
  is: 'checked' | 'unchecked';
  other: string[];
  sentences: Record<string, string>;
};

/** `other`: languages that say another sentence than the one that was compared. */
function stateOf(id: string, fact: Fact, texts: Texts): FactState {
  const said = texts.languages.flatMap((language) => {
    const sentence = texts.has(language, factKey(id)) ? texts.template(language, factKey(id)) : undefined;
    return sentence === undefined ? [] : [{ language, sentence }];
  });
  return {
    id,
    is: fact.checked_on === undefined ? 'unchecked' : 'checked',
    other: said.filter(({ sentence }) => !isChecked(fact, sentence)).map(({ language }) => language),
    sentences: Object.fromEntries(
      said.map(({ language, sentence }) => [language, sentenceVersion(sentence)]),
    ),
  };
}

/** Each that is not checked in every language, with what is to be written once it was. */
export async function facts(): Promise<Result> {
  const { flows, texts } = await projectFlows();
  const all = Object.entries(flows.knowledge.facts).map(([id, fact]) => stateOf(id, fact, texts));
  const left = all.filter(({ is, other }) => is === 'unchecked' || other.length > 0);
  return {
    text: [...left.flatMap(linesOf), summaryOf(all.length, left.length)].join('\n'),
    json: { facts: all },
  };
}

const linesOf = ({ id, is, other, sentences }: FactState): string[] => [
  `${id}: ${is === 'unchecked' ? 'nobody compared it with its source' : `another sentence was compared (${other.join(', ')})`}`,
  `    sentences: { ${Object.entries(sentences)
    .map(([language, version]) => `${language}: "${version}"`)
    .join(', ')} }`,
];

const summaryOf = (all: number, left: number): string =>
  left === 0
    ? `all ${all} were compared with their sources`
    : `${left} of ${all}: compare each sentence with its source, then write checked_on, checked_by and the line "sentences" into flows/facts.yaml`;
