/**
 * What strangers write is bounded before any work is done with it.
 *
 * The words of one messenger end at 4,096 characters, of another at 65,536, and a program that speaks its protocol may send any
 * number. Invariant: words that are not kept are said to be so, to the person and in the case; nothing is lost in silence.
 */
import type { IncomingContent, IncomingMessage } from '../../channels/channel.ts';
import type { ContactRow } from '../../db/contacts.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { serviceSay } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';

/** Characters of one message. Everything that reads words is proved up to here (`test/attack/text.test.ts`). */
const MOST_WORDS = 24_000;
/** Of what a phone only calls something: the name of a file, its type, an emoji. */
const MOST_OF_A_NAME = 255;

/** `isCut`: its words went on. */
export type BoundedMessage = IncomingMessage & { isCut?: true };

/** The message with no more than may be worked with. */
export function bounded(message: IncomingMessage): BoundedMessage {
  const content = boundedContent(message.content);
  const isCut = lengthOf(content) < lengthOf(message.content);
  const { languageHint, repliesTo, ...rest } = message;
  return {
    ...rest,
    ...(languageHint === undefined ? {} : { languageHint: upTo(MOST_OF_A_NAME, languageHint) }),
    ...(repliesTo === undefined ? {} : { repliesTo: upTo(MOST_OF_A_NAME, repliesTo) }),
    content,
    ...(isCut ? { isCut } : {}),
  };
}

function boundedContent(content: IncomingContent): IncomingContent {
  switch (content.kind) {
    case 'text':
      return { ...content, text: upTo(MOST_WORDS, content.text) };
    case 'file': {
      const { file, caption } = content;
      const { mediaType, name } = file;
      return {
        ...content,
        file: {
          ...file,
          ...(mediaType === undefined ? {} : { mediaType: upTo(MOST_OF_A_NAME, mediaType) }),
          ...(name === undefined ? {} : { name: upTo(MOST_OF_A_NAME, name) }),
        },
        ...(caption === undefined ? {} : { caption: upTo(MOST_WORDS, caption) }),
      };
    }
    case 'card':
      return { ...content, words: upTo(MOST_WORDS, content.words) };
    case 'location':
      return content.words === undefined ? content : { ...content, words: upTo(MOST_WORDS, content.words) };
    case 'reaction':
      return { ...content, emoji: upTo(MOST_OF_A_NAME, content.emoji) };
    case 'button':
      return { ...content, data: upTo(MOST_OF_A_NAME, content.data) };
    default:
      return content;
  }
}

/** Never through the middle of a character. */
function upTo(most: number, text: string): string {
  if (text.length <= most) return text;
  return text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most);
}

function lengthOf(content: IncomingContent): number {
  return wordsIn(content)?.length ?? 0;
}

/** What a person wrote in a message, or beside what it brings. */
export function wordsIn(content: IncomingContent): string | undefined {
  switch (content.kind) {
    case 'text':
      return content.text;
    case 'file':
      return content.caption;
    case 'card':
    case 'location':
      return content.words;
    default:
      return undefined;
  }
}

/** Says that the end of a message is not kept; `caseId`: of the open case, whose readers must know it too. */
export async function sayCut(
  at: Moment,
  contact: ContactRow,
  { caseId, languageHint }: { caseId?: CaseId | undefined; languageHint?: string | undefined },
): Promise<void> {
  if (caseId) await sealIntoCase(at, caseId, 'event', { what: 'text_cut' });
  await serviceSay(at, contact, 'service.text_cut', {}, languageHint, 'text_cut');
}
