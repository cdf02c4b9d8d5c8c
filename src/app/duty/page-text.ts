/**
 * What a page says.
 *
 * Invariant: reference, level, times, counts, notes of a closed list, the region only if the setting allows it,
 * and names of officers. Nothing of what the reporter said, nothing of who they are.
 */

import { offeredTo } from '../../alerts/progress.ts';
import type { OutgoingMessage } from '../../channels/channel.ts';
import type { AlertRow } from '../../db/alerts.ts';
import type { OfficerId } from '../../kernel/ids.ts';
import type { Context } from '../ground/context.ts';
import { toAlertNow } from '../records/alert-record.ts';
import { officerText, ordinal, sayTime } from './officer-wording.ts';

export type Reader = {
  officerId: OfficerId;
  language: string;
  /** Short names of those who took or closed. */
  names: ReadonlyMap<OfficerId, string>;
};

const LATE_MS = 5 * 60_000;

/** A page of one alert or of several, as they stand now. `repeat`: how often the reader was paged before. */
export function pageMessage(
  ctx: Context,
  now: Date,
  reader: Reader,
  alerts: readonly AlertRow[],
  more: { repeat?: number; total?: number } = {},
): OutgoingMessage {
  const [only] = alerts;
  if (alerts.length === 1 && only) return singlePage(ctx, now, reader, only, more.repeat ?? 0);
  const say = (key: string, params: Record<string, string | number> = {}) =>
    officerText(ctx, reader.language, key, params);
  const lines = alerts.map((alert) => {
    const asked = say('page.bundle_line', {
      head: headline(ctx, reader.language, alert),
      at: sayTime(alert.raisedAt, now, ctx.settings.timeZone),
    });
    const fate = fateLine(ctx, now, reader, alert);
    return fate ? `${asked}\n  ${fate}` : asked;
  });
  const count = more.total ?? alerts.length;
  return {
    text: [say('page.bundle', { count }), ...lines].join('\n'),
    rows: alerts
      .filter((alert) => alert.state === 'open')
      .map((alert) => [
        {
          label: say('button.take_ref', { reference: alert.reference }),
          data: `o:take:${alert.reference}`,
        },
      ]),
  };
}

function singlePage(
  ctx: Context,
  now: Date,
  reader: Reader,
  alert: AlertRow,
  repeat: number,
): OutgoingMessage {
  const { language } = reader;
  const say = (key: string, params: Record<string, string | number> = {}) =>
    officerText(ctx, language, key, params);
  const isOffered = offeredTo(toAlertNow(alert)) === reader.officerId && alert.state === 'taken';
  const fate = isOffered ? undefined : fateLine(ctx, now, reader, alert);
  if (fate) return { text: `${headline(ctx, language, alert)}\n${fate}`, rows: [] };
  const lines = [headline(ctx, language, alert), ...whatIsKnown(ctx, now, language, alert)];
  if (isOffered) {
    const name = (alert.takenBy && reader.names.get(alert.takenBy)) || say('somebody');
    lines.push(say('page.offered', { name }));
  } else if (repeat > 0) lines.push(say('page.repeat', { nth: ordinal(ctx, language, repeat) }));
  const { consoleUrl } = ctx.settings;
  // Opens the case after the fingerprint: there is nothing to read in it before.
  if (consoleUrl && !alert.isDrill) lines.push(`${consoleUrl}#/case/${alert.reference}`);
  return {
    text: lines.join('\n'),
    about: { reference: alert.reference, ...(alert.isDrill ? { isDrill: true } : {}) },
    rows: [
      [
        { label: say('button.take'), data: `o:take:${alert.reference}` },
        { label: say('button.cannot'), data: `o:cannot:${alert.reference}` },
      ],
    ],
  };
}

/** Level, reference and, if the setting allows it, the region. */
export function headline(
  ctx: Context,
  language: string,
  alert: { level: string; reference: string; region: string | null; isDrill: boolean },
): string {
  const level = officerText(ctx, language, alert.isDrill ? 'drill.head' : `level.${alert.level}`);
  const region =
    ctx.settings.alertDetail === 'region' && alert.region
      ? ctx.texts.t(language, `lists.regions.${alert.region}`)
      : '';
  return [level, alert.reference, region].filter((part) => part !== '').join(' · ');
}

/** When they asked, how often, and what else an officer must see. */
export function whatIsKnown(ctx: Context, now: Date, language: string, alert: AlertRow): string[] {
  const say = (key: string, params: Record<string, string | number> = {}) =>
    officerText(ctx, language, key, params);
  const at = sayTime(alert.raisedAt, now, ctx.settings.timeZone);
  const ageMs = now.getTime() - alert.raisedAt.getTime();
  const lines = [
    ageMs >= LATE_MS
      ? say('page.asked_late', { at, minutes: Math.floor(ageMs / 60_000) })
      : say('page.asked', { at }),
  ];
  if (alert.repeats > 0) lines.push(say('page.again', { nth: ordinal(ctx, language, alert.repeats + 1) }));
  for (const note of toAlertNow(alert).progress.notes) lines.push(say(`note.${note}`));
  return lines;
}

/** The officer who has it or closed it, and when; undefined while it is open. */
function fateLine(ctx: Context, now: Date, reader: Reader, alert: AlertRow): string | undefined {
  const { language, names } = reader;
  const zone = ctx.settings.timeZone;
  const name = (alert.takenBy && names.get(alert.takenBy)) || officerText(ctx, language, 'somebody');
  if (alert.state === 'taken' && alert.takenAt) {
    const at = sayTime(alert.takenAt, now, zone);
    return alert.takenBy === reader.officerId
      ? officerText(ctx, language, 'page.taken_by_you', { at })
      : officerText(ctx, language, 'page.taken_by', { name, at });
  }
  if (alert.state === 'closed' && alert.closedAt) {
    const outcome = officerText(ctx, language, `outcome.${alert.outcome ?? 'resolved'}`);
    return officerText(ctx, language, 'page.closed', { outcome, at: sayTime(alert.closedAt, now, zone) });
  }
  return undefined;
}
