/** "Who is on call" and "my shifts", asked in an officer's chat. Short names only. */
import { shiftsOf } from '../../alerts/rota.ts';
import { after, minutes } from '../../kernel/time.ts';
import { LOOK_AHEAD, loadDuty, rotasNow } from '../duty/duty-plan.ts';
import { officerText } from '../duty/officer-wording.ts';
import { shortName } from '../records/officer-names.ts';
import { answer, type Chat, timeIn } from './officer-chat.ts';

/** Shifts on one list. */
const LISTED = 10;

/** Who is on call now, on each rota and because they said so, until when, and who is next. */
export async function sayWhoIsOnCall(chat: Chat): Promise<void> {
  const { at, officers, language } = chat;
  const { tx, ctx, now } = at;
  const { plan, covers } = await loadDuty(tx, ctx, now, after(now, LOOK_AHEAD));
  const say = (key: string, params: Record<string, string>) =>
    officerText(ctx, language, `shifts.${key}`, params);
  const named = (ids: readonly string[]) => {
    const names = ids.flatMap((id) => {
      const found = officers.find((officer) => officer.id === id);
      return found ? [shortName(ctx, found)] : [];
    });
    return names.length > 0 ? names.join(', ') : say('nobody', {});
  };
  const lines = plan.rotas.map((rota) => {
    const [shift, next] = shiftsOf(rota, covers, now, after(now, LOOK_AHEAD));
    const params = {
      rota: rota.name,
      names: named(shift?.officers ?? []),
      at: shift ? timeIn(chat, shift.end) : '',
    };
    return next ? say('rota_then', { ...params, next: named(next.officers) }) : say('rota', params);
  });
  const said = officers.filter((officer) => officer.isOnDuty).map(({ id }) => id);
  if (said.length > 0 || lines.length === 0) lines.push(say('said', { names: named(said) }));
  await answer(chat, 'shifts.who', { lines: lines.join('\n') });
}

/** The officer's own next shifts. */
export async function sayMyShifts(chat: Chat): Promise<void> {
  const { at, officer, language } = chat;
  const { tx, ctx, now } = at;
  const { plan, covers } = await loadDuty(tx, ctx, now, after(now, LOOK_AHEAD));
  const mine = plan.rotas
    .flatMap((rota) =>
      shiftsOf(rota, covers, now, after(now, LOOK_AHEAD))
        .filter(({ officers }) => officers.includes(officer.id))
        .map(({ start, end }) => ({ rota: rota.name, start, end })),
    )
    .sort((a, b) => a.start.getTime() - b.start.getTime());
  if (mine.length === 0)
    return void (await answer(chat, plan.rotas.length > 0 ? 'shifts.none' : 'shifts.no_rota'));
  const lines = mine.slice(0, LISTED).map(({ rota, start, end }) => {
    const isNow = start.getTime() - now.getTime() < minutes(1);
    const params = { rota, from: timeIn(chat, start), to: timeIn(chat, end) };
    return officerText(ctx, language, isNow ? 'shifts.line_now' : 'shifts.line', params);
  });
  await answer(chat, 'shifts.mine', { lines: lines.join('\n') });
}

/** Until when a rota has this officer on call now; undefined: none does. */
export async function onRotaUntil({ at, officer }: Chat): Promise<Date | undefined> {
  const { tx, ctx, now } = at;
  if (!(await rotasNow(tx, ctx, now)).has(officer.id)) return undefined;
  const { plan, covers } = await loadDuty(tx, ctx, now, after(now, LOOK_AHEAD));
  const ends = plan.rotas.flatMap((rota) => {
    const [shift] = shiftsOf(rota, covers, now, after(now, LOOK_AHEAD));
    return shift?.officers.includes(officer.id) ? [shift.end.getTime()] : [];
  });
  return new Date(Math.max(...ends));
}
