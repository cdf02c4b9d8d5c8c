/** What tests of the workbench share: a room, people who work on texts, and what they say there. */

import { versionOf } from '../../src/app/changes/rows.ts';
import { type Context, createContext } from '../../src/app/ground/context.ts';
import { loadFlows } from '../../src/app/ground/load-flows.ts';
import { stateOf } from '../../src/app/texts/appending.ts';
import { changeText, decideText } from '../../src/app/texts/changing.ts';
import { type TextValue, textAt } from '../../src/conversation/said/own-texts.ts';
import type { TextFiles } from '../../src/conversation/words/texts.ts';
import { signMember } from '../../src/crypto/member-binding.ts';
import { findMember, type MemberRow } from '../../src/db/members.ts';
import { type TextChangeRow, textChangesByPage } from '../../src/db/text-changes.ts';
import type { Role } from '../../src/kernel/vocabulary.ts';
import { joins } from '../http/console/member.ts';
import { openRoom } from './room.ts';

/** Texts that may be said at once, one that needs a second person, and what the latter is to say. */
export const ORDINARY = 'report.before_what.help';
export const OTHER = 'report.held_place.help';
export const THIRD = 'report.taken_count.help';
export const SAFETY = 'sos.where.ask';
export const WHERE = 'Où êtes-vous maintenant ?';

/** Flows and files of another process, read once: they are as the project has them. */
let loading: ReturnType<typeof loadFlows> | undefined;

export type TextsRoom = Awaited<ReturnType<typeof openTextsRoom>>;

export async function openTextsRoom() {
  const room = await openRoom({ language: 'fr' });
  const { ctx, database } = room;

  async function member(role: Role, name: string): Promise<MemberRow> {
    const { id } = await joins(room, role, null, { name });
    const row = await findMember(database.db, id);
    if (!row) throw new Error('nobody');
    const signature = signMember(ctx.keyring.signer, row);
    await database.sql`update members set signature = ${signature} where id = ${id}`;
    return { ...row, signature };
  }

  const fr = (key: string) => ({ language: 'fr', key });
  const now = (key: string, at: Pick<Context, 'content'> = ctx) => textAt(at.content.now(), 'fr', key);
  const says = (who: MemberRow | null, key: string, text: TextValue | null, at = ctx) =>
    changeText(at, who, { ...fr(key), text, seen: versionOf(now(key, at)) });
  const proposedAt = (key: string, at: Pick<Context, 'content'> = ctx): number =>
    stateOf(at, fr(key))?.proposed?.seq ?? 0;

  return {
    ...room,
    translator: await member('translator', 'Mariam'),
    coordinator: await member('coordinator', 'Oumou'),
    member,
    fr,
    now,
    says,
    proposedAt,
    saysYes: (who: MemberRow, key: string, of?: number, at = ctx) =>
      decideText(at, who, { ...fr(key), of: of ?? proposedAt(key, at), isYes: true }),
    /** The rows as they stand there. */
    async changes(): Promise<TextChangeRow[]> {
      const rows: TextChangeRow[] = [];
      for await (const page of textChangesByPage(database.db)) rows.push(...page);
      return rows;
    },
    /** Another process on the same database, which has read nothing yet. `files`: languages of which its files say other things. */
    async another(files: TextFiles = {}): Promise<Context> {
      loading ??= loadFlows({ flows: 'flows', locales: 'locales' }, { defaultLanguage: 'fr' });
      const read = await loading;
      const textFiles = { ...read.textFiles, ...files };
      const isOwn = Object.keys(files).length > 0;
      const content = isOwn ? { ...read, textFiles, texts: read.rebuild(textFiles) } : read;
      const { db, keyring, clock } = ctx;
      return createContext({ db, keyring, clock, recipient: room.team.recipient, content });
    },
    /** An intruder who may do everything in the database, and has no key. */
    async intrudes(work: (sql: typeof database.sql) => Promise<unknown>): Promise<void> {
      const { sql } = database;
      await sql`alter table text_changes disable trigger all`;
      await sql`alter table audit_log disable trigger all`;
      await work(sql);
    },
  };
}
