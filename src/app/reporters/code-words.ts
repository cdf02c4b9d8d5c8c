/**
 * The words by which a person knows a message from another number of ours: "we have a new number" is how people are deceived.
 *
 * Invariants: they are said only in the chat of a person who may be written to, when that is agreed or when they ask about their
 * case; they stand nowhere but in the conversation, under the day's key, and go with it.
 */
import { randomInt } from 'node:crypto';
import type { Line } from '../../conversation/values/effect.ts';
import { hoursOf } from '../../conversation/values/may-write.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { Texts } from '../../conversation/words/texts.ts';
import type { ContactRow } from '../../db/contacts.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';

const HOW_MANY = 2;

/** Words by chance, no two alike, in this language, or where it has none in that of the house. */
function newCodeWord(texts: Pick<Texts, 'list' | 'defaultLanguage'>, language: string): string {
  const own = texts.list(language, LIST);
  const left = [...(own.length > 0 ? own : texts.list(texts.defaultLanguage, LIST))];
  return Array.from({ length: HOW_MANY }, () => left.splice(randomInt(left.length), 1)[0]).join(' ');
}
const LIST = 'service.code_word.words';

type Who = { ctx: Context; contact: Pick<ContactRow, 'channel'>; state: ConversationState };

/** Gives them their words, the same as before if they have some. Nothing where we have one account for ever. */
export function giveCodeWord({ ctx, contact, state }: Who): Line[] {
  if (!hasNumbers(ctx, contact)) return [];
  state.codeWord ??= newCodeWord(ctx.texts, state.language ?? ctx.settings.defaultLanguage);
  return [{ key: 'service.code_word.given', params: { words: state.codeWord } }];
}

/** To one who asks about their case: the words again, or their first ones, unless they are not to be written to. */
export function codeWordAgain({ ctx, contact, state }: Who): Line[] {
  const isAllowed = state.mayWrite === true || hoursOf(state.mayWrite) !== undefined;
  if (!isAllowed) return [];
  if (!state.codeWord) return giveCodeWord({ ctx, contact, state });
  if (!hasNumbers(ctx, contact)) return [];
  return [{ key: 'service.code_word.again', params: { words: state.codeWord } }];
}

const hasNumbers = (ctx: Context, { channel }: Pick<ContactRow, 'channel'>): boolean =>
  ctx.channels.get(channel as ChannelKind)?.numbers !== undefined;
