/** An opened case in words, for a terminal. Control characters in what people wrote never reach it. */

import type { Flows } from '../conversation/flows/compile.ts';
import type { Answer, Part } from '../conversation/values/answer.ts';
import type { Texts } from '../conversation/words/texts.ts';
import { unreachable } from '../kernel/errors.ts';
import { PLACE_PARTS } from '../kernel/vocabulary.ts';
import type { OpenedCase, OpenedFile, OpenedItem } from './case-open.ts';

type Words = { flows: Flows; texts: Texts; language: string };

export function printCase(opened: OpenedCase, flows: Flows, texts: Texts, language: string): string {
  const words = {
    flows,
    texts,
    language: texts.languages.includes(language) ? language : texts.defaultLanguage,
  };
  const about = opened.case;
  const lines = [
    `${about.reference}   ${about.level}   ${about.status}   ${about.isSubmitted ? 'sent by the reporter' : 'not sent (yet)'}`,
    `opened ${time(about.openedAt)}   last change ${time(about.updatedAt)}   channel ${about.channel}   region ${about.region ?? about.zone ?? '-'}`,
    ...proofLines(opened),
  ];
  for (const item of opened.items) lines.push('', ...itemLines(item, writerOf(opened, item), words));
  if (opened.files.length > 0) lines.push('', 'Files', ...opened.files.map(fileLine));
  return `${lines.join('\n')}\n`;
}

/** What is proved of it, and what is not. */
function proofLines({ chain, origin, isHeaderProved, key, case: about }: OpenedCase): string[] {
  const { fingerprint } = origin;
  const whole = chain.ok
    ? `✓ complete and unchanged since it was signed`
    : `✗ NOT AS THE SERVER WROTE IT: ${chain.problem} at item ${chain.place}. Do not rely on it; tell the operator.`;
  const earlier =
    key.earlier > 0
      ? [
          `! items 0 to ${key.earlier - 1} are from before the case's key was signed: nobody can vouch for them`,
        ]
      : [];
  const goesOn = about.replaces
    ? [
        `! goes on from ${clean(about.replaces)}, whose key in the database was no longer the one that was signed`,
      ]
    : [];
  switch (origin.is) {
    case 'unnamed':
      return [
        `✗ ORIGIN UNPROVED: anybody could have made this file, with keys of their own. It says that it was signed by the key ${fingerprint}`,
        "  Compare that with the note of the server's key (doctor says it too), and open it again with --signed-by and the right one.",
        ...(chain.ok ? [] : [whole]),
        ...earlier,
        ...goesOn,
      ];
    case 'other':
      return [
        `✗ NOT SIGNED BY THE SERVER that you named: the file names the key ${fingerprint}. Do not rely on it; tell the operator.`,
      ];
    case 'proved':
      return [
        `✓ signed by the server's key ${fingerprint}`,
        whole,
        isHeaderProved
          ? '✓ reference, level, times and files as the server exported them'
          : '✗ the line above (reference, level, state, times, region) is UNPROVED: changed since the export, or exported by an older version',
        ...(key.isProved
          ? []
          : [
              "✗ the case's KEY IS NOT THE ONE that the server signed for it: somebody else may have read or written",
            ]),
        ...earlier,
        ...goesOn,
      ];
    default:
      return unreachable(origin.is);
  }
}

type Writer = { by: string; at: string };

/** What the server noted of words of the team: who wrote them, and when. */
export function writerOf(
  { chain, items }: Pick<OpenedCase, 'chain' | 'items'>,
  { place }: OpenedItem,
): Writer | undefined {
  const noted = items.find(
    ({ kind, content }) => kind === 'event' && content.what === 'written' && content.place === place,
  )?.content;
  // In a chain that is not whole the event may be anybody's.
  return noted && chain.ok ? { by: String(noted.by), at: String(noted.at) } : undefined;
}

/** Sealed by a browser: of what it says of itself only the words count, and its name and time as what they are. */
function writtenLines({ place, kind, at, content }: OpenedItem, writer: Writer | undefined): string[] {
  const by = writer
    ? clean(writer.by)
    : `${clean(String(content.by ?? '-'))} (by the browser's word; the server noted nobody)`;
  return [
    `[${place}] ${time(writer?.at ?? at)}   ${kind}`,
    `  by: ${by}`,
    `  text: ${clean(String(content.text ?? ''))}`,
  ];
}

function itemLines(item: OpenedItem, writer: Writer | undefined, words: Words): string[] {
  const isWords = item.kind === 'message' || item.kind === 'note';
  if (isWords && !item.content.cannotOpen) return writtenLines(item, writer);
  const { at, entries, ...rest } = item.content as {
    at?: string;
    entries?: { step: string; answer: Answer }[];
  };
  const lines = [`[${item.place}] ${time(at ?? item.at)}   ${item.kind}`];
  for (const { step, answer } of Array.isArray(entries) ? entries : [])
    lines.push(
      `  ${questionOf(step, words)}`,
      ...answerLines(step, answer, words).map((line) => `    ${line}`),
    );
  for (const [name, value] of Object.entries(rest))
    if (value !== undefined && value !== null)
      lines.push(`  ${name}: ${clean(typeof value === 'string' ? value : JSON.stringify(value))}`);
  return lines;
}

function questionOf(step: string, { flows, texts, language }: Words): string {
  const path = flows.pathsOf.get(step)?.[0];
  if (!path) return clean(step);
  return (
    texts
      .t(
        language,
        ['officer', 'short'].map((part) => `${path}.${part}`).find((key) => texts.has(language, key)) ??
          `${path}.ask`,
      )
      .split('\n')[0] ?? step
  );
}

function answerLines(step: string, answer: Answer, words: Words): string[] {
  switch (answer.kind) {
    case 'choice':
      return [labelOf(step, answer.value, words)];
    case 'choices':
      return answer.values.map((value) => labelOf(step, value, words));
    case 'text':
    case 'code':
      return textLines(answer.text);
    case 'account':
      return answer.parts.flatMap(partLines);
    case 'date':
      return [
        clean(
          [answer.date, answer.precision === 'unknown' ? '' : answer.precision, answer.words]
            .filter(Boolean)
            .join('   '),
        ),
      ];
    case 'place': {
      const named = PLACE_PARTS.toReversed().flatMap((part) =>
        answer[part] ? [listLabel(`${part}s`, answer[part], words)] : [],
      );
      return [
        [...named, ...(answer.words ? [clean(answer.words)] : [])].join(', '),
        ...(answer.parts ?? []).flatMap(partLines),
      ];
    }
    case 'not_said':
      return ['(not said: what came was not understood)', ...answer.tried.flatMap(partLines)];
    default:
      return [`(${answer.kind})`];
  }
}

function partLines(part: Part): string[] {
  if (part.kind === 'text') return textLines(part.text);
  if (part.kind === 'file') return [`(${clean(part.media)}: file ${clean(part.evidence)})`];
  return [`(place: ${part.latitude}, ${part.longitude})`];
}

function labelOf(step: string, code: string, words: Words): string {
  const path = words.flows.pathsOf.get(step)?.[0];
  const own = `${path}.options.${code}`;
  if (path && words.texts.has(words.language, own)) return words.texts.t(words.language, own);
  const list = words.flows.listOf(step);
  return list ? listLabel(list, code, words) : clean(code);
}

function listLabel(list: string, code: string, { texts, language }: Words): string {
  const key = `lists.${list}.${code}`;
  return texts.has(language, key) ? texts.t(language, key) : clean(code);
}

function fileLine(file: OpenedFile): string {
  if (file.state !== 'saved') return `  ! ${file.media} ${file.id}: ${file.state}, not in the case`;
  if (!file.isWhole) return `  ✗ ${file.media} ${file.id}: damaged or exchanged`;
  const { size, type } = file.differs ?? {};
  const differs = [
    ...(type ? [`sent as ${clean(String(type.said))}, begins like: ${clean(String(type.found))}`] : []),
    ...(size ? [`the phone said ${Number(size.said)} bytes, ${Number(size.came)} came`] : []),
  ].map((line) => `\n    ! ${line}`);
  return `  ✓ ${file.media} ${file.id}, ${file.bytes} bytes${file.path ? ` -> ${file.path}` : ''}${differs.join('')}`;
}

const textLines = (text: string): string[] => text.split('\n').map(clean);
const time = (at: string): string => clean(`${at.slice(0, 16).replace('T', ' ')} UTC`);

/** An escape sequence in a message could rewrite what stands on the screen; a direction mark could turn it round. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}
