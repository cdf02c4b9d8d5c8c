/** Contacts outside as an office would have verified them: the project's own list has none yet. */
import type { Context } from '../src/app/ground/context.ts';
import type { Flows } from '../src/conversation/flows/compile.ts';
import type { CodeList } from '../src/conversation/flows/flow.ts';
import { OUTSIDE } from '../src/conversation/flows/outside-contacts.ts';

export type Entries = CodeList['entries'];

/** The same questions, with these organisations in the list. */
export function flowsWithContacts(flows: Flows, entries: Entries): Flows {
  return { ...flows, lists: new Map(flows.lists).set(OUTSIDE, { list: OUTSIDE, entries }) };
}

export function withContacts(ctx: Context, entries: Entries): Context {
  const flows = flowsWithContacts(ctx.conversation.flows, entries);
  return { ...ctx, conversation: { ...ctx.conversation, flows, lists: flows.lists } };
}
