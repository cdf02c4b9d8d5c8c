import type { IncomingContent, IncomingFile, IncomingMessage } from '../../channels/channel.ts';
import type { Input } from '../../conversation/values/input.ts';
import type { ConversationState } from '../../conversation/values/state.ts';
import type { ContactRow } from '../../db/contacts.ts';
import { unreachable } from '../../kernel/errors.ts';
import type { CaseId } from '../../kernel/ids.ts';
import { sealIntoCase } from '../alerts/case-record.ts';
import { serviceSay } from '../ground/service-texts.ts';
import type { Moment } from '../ground/transaction.ts';
import { createDraft } from '../records/case-opening.ts';
import { noteEvidence } from './evidence.ts';
import { type Declined, declines, isFirstDeclined } from './file-budgets.ts';

/** A reporter's message as the conversation understands it; `draft` if a case had to be begun to hold a file. */
export async function toInput(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
): Promise<{ input: Input; draft?: CaseId }> {
  const { content } = message;
  switch (content.kind) {
    case 'text':
    case 'location':
    case 'card':
    case 'reaction':
      return { input: content };
    case 'button':
      return { input: { kind: 'button', data: content.data } };
    case 'unsupported':
      return { input: { kind: 'unsupported', what: content.what } };
    case 'blocked':
    case 'unblocked':
      return { input: content };
    case 'deleted':
      return { input: { kind: 'deleted', message: content.messageRef } };
    case 'group':
      return { input: { kind: 'unsupported', what: 'group' } };
    case 'file':
      return takeFile(at, contact, state, message, content);
    default:
      return unreachable(content);
  }
}

/** Notes a file so that it will be fetched; one that the channel does not let us fetch is refused at once. */
async function takeFile(
  at: Moment,
  contact: ContactRow,
  state: ConversationState | undefined,
  message: IncomingMessage,
  { file, caption, edited }: Extract<IncomingContent, { kind: 'file' }>,
): Promise<{ input: Input; draft?: CaseId }> {
  const source = `${message.messageRef ?? message.id}/${file.sameAs ?? file.ref}`;
  if (edited && state?.files?.includes(source))
    return { input: { kind: 'text', text: caption ?? '', edited } };
  const limit = at.ctx.channels.get(contact.channel as never)?.can.maxFileBytes ?? 0;
  if (file.size !== undefined && file.size > limit)
    return declined(at, contact, { because: 'too_big', limit, file, caption });
  const known = state?.caseId as CaseId | undefined;
  const because = await declines(at, { contactId: contact.id, caseId: known, file });
  if (because) {
    const about = state?.isCaseOpen && !state.isBare ? known : undefined;
    if ((await isFirstDeclined(at, contact.id)) && about)
      await sealIntoCase(at, about, 'event', {
        what: 'file_not_saved',
        media: file.kind,
        reason: because,
      });
    return declined(at, contact, { because, limit, file, caption });
  }
  const caseId = known ?? (await createDraft(at, contact.channel as never));
  const evidence = await noteEvidence(at, caseId, contact, file, message);
  const input: Input = {
    kind: 'file',
    evidence,
    media: file.kind,
    ...(caption ? { caption } : {}),
    ...(edited ? { edited } : {}),
    source,
  };
  return known ? { input } : { input, draft: caseId };
}

/** The file is not taken; the words under it are, for they may be a cry for help. */
async function declined(
  at: Moment,
  contact: ContactRow,
  what: { because: Declined | 'too_big'; limit: number; file: IncomingFile; caption: string | undefined },
): Promise<{ input: Input }> {
  const { because, limit, file, caption } = what;
  if (!caption?.trim()) return { input: { kind: 'file_refused', limit, because, media: file.kind } };
  const megabytes = Math.max(1, Math.floor(limit / 1_000_000));
  await serviceSay(at, contact, `service.refused_${because}`, { limit: megabytes });
  return { input: { kind: 'text', text: caption, isBeside: true } };
}
