/** Short messages to officers that are no pages: what happened to an alert, that a case is new. */
import type { Option } from '../../channels/channel.ts';
import type { AlertRow } from '../../db/alerts.ts';
import { type EnrolledOfficer, enrolledOfficers } from '../../db/officers.ts';
import type { ContactId, DeliveryId } from '../../kernel/ids.ts';
import { CLASS } from '../../kernel/vocabulary.ts';
import type { Context } from '../ground/context.ts';
import { enqueue } from '../ground/outbox.ts';
import type { Moment } from '../ground/transaction.ts';
import { tellsOf, whoMayKnow } from '../records/may-know.ts';
import { rotasNow } from './duty-plan.ts';
import { languageOfOfficer, officerText, sayTime } from './officer-wording.ts';

export type Notice = {
  /** Key under `officer.` and its parameters. `of`: of another file than that, a messenger's own. */
  key: string;
  of?: string;
  params?: Record<string, string | number>;
  /** Buttons by key under `officer.button.`, in rows. */
  buttons?: { key: string; params?: Record<string, string | number>; data: string }[][];
  silent?: boolean;
  class?: number;
  coalesce?: string;
  delayMs?: number;
  /** How often it came since it was told last, and was held back. */
  held?: { times: number; since: Date };
  /** It says nothing of a case: a reference in it is one that they typed. Default false. */
  isEcho?: boolean;
};

/** Says something in one officer's chat. Undefined: it tells of a case of which they must not know, and was not said. */
export async function notify(
  at: Moment,
  to: { contactId: ContactId; language: string },
  notice: Notice,
): Promise<DeliveryId | undefined> {
  const rows: Option[][] = (notice.buttons ?? []).map((row) =>
    row.map(({ key, params, data }) => ({
      label: officerText(at.ctx, to.language, `button.${key}`, params),
      data,
    })),
  );
  const text = [
    officerText(at.ctx, to.language, notice.key, notice.params, notice.of),
    ...heldLine(at, to.language, notice.held),
  ].join('\n');
  const said = [text, ...rows.flat().map(({ label, data }) => `${label} ${data}`)].join(' ');
  const about = notice.isEcho ? [] : await tellsOf(at.tx, to.contactId, said);
  if (!about) return undefined;
  return enqueue(at, {
    contactId: to.contactId,
    class: notice.class ?? CLASS.reply,
    about,
    message: {
      text,
      ...(rows.length > 0 ? { rows } : {}),
      ...(notice.silent ? { silent: true } : {}),
    },
    ...(notice.coalesce ? { coalesce: notice.coalesce } : {}),
    ...(notice.delayMs ? { delayMs: notice.delayMs } : {}),
  });
}

/** What was held back of the same thing since it was told last. */
function heldLine({ ctx, now }: Moment, language: string, held: Notice['held']): string[] {
  if (!held || held.times === 0) return [];
  const at = sayTime(held.since, now, ctx.settings.timeZone);
  return [officerText(ctx, language, 'notice.held', { count: held.times, at })];
}

/** Says something to officers on their first contact that can be reached, or on all of them. */
export async function notifyOfficers(
  at: Moment,
  officers: readonly EnrolledOfficer[],
  notice: Notice,
  on: 'first' | 'all' = 'first',
): Promise<void> {
  for (const officer of officers) {
    const reachable = readableContacts(at.ctx, officer);
    for (const { contactId } of on === 'first' ? reachable.slice(0, 1) : reachable)
      await notify(at, { contactId, language: languageOfOfficer(at.ctx, officer) }, notice);
  }
}

/**
 * The contacts on which an officer reads what is no page: not those that ring or cost. The first one is their own
 * choice.
 */
export function readableContacts(ctx: Context, officer: EnrolledOfficer): EnrolledOfficer['contacts'] {
  return officer.contacts.filter(
    ({ isBlocked, channel }) => !isBlocked && !ctx.channels.get(channel)?.can.isForPagesOnly,
  );
}

/**
 * Whom quiet news goes to: those on duty, because they said so or by a rota; nobody on duty: everybody. `about`: of an
 * alert, of which only those hear who may know.
 */
export async function forQuietNews(
  { tx, ctx, now }: Moment,
  about: Pick<AlertRow, 'excluded'> = { excluded: [] },
): Promise<EnrolledOfficer[]> {
  const officers = await whoMayKnow(tx, about, await enrolledOfficers(tx));
  const rotas = await rotasNow(tx, ctx, now);
  const onDuty = officers.filter((officer) => officer.isOnDuty || rotas.has(officer.id));
  return onDuty.length > 0 ? onDuty : [...officers];
}
