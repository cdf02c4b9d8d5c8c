/** What is read out of people's words in every language there is a folder for: compiled once. */
import { type AgeWords, ageWords } from './ages.ts';
import { type AnswerWords, answerWords } from './answer-words.ts';
import { type CodeWords, codeWords } from './code-words.ts';
import { type DateWords, dateWords } from './dates.ts';
import { type HourWords, hourWords } from './hours.ts';
import { type LanguageWords, languageWords } from './language-guess.ts';
import { type DictatedWords, dictatedWords, type NumberWords, numberWords } from './numbers.ts';
import { type PlaceWords, placeWords } from './places.ts';
import type { SmallWordsByLanguage } from './small-words.ts';

export type Reading = {
  ages: AgeWords;
  codes: CodeWords;
  answers: AnswerWords;
  dates: DateWords;
  dictated: DictatedWords;
  hours: HourWords;
  languages: LanguageWords;
  numbers: NumberWords;
  places: PlaceWords;
};

export const createReading = (all: SmallWordsByLanguage): Reading => ({
  ages: ageWords(all),
  codes: codeWords(all),
  answers: answerWords(all),
  dates: dateWords(all),
  dictated: dictatedWords(all),
  hours: hourWords(all),
  languages: languageWords(all),
  numbers: numberWords(all),
  places: placeWords(all),
});
