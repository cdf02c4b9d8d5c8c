/** How rotas, shifts and gaps are said to the operator. */
import type { Gap } from '../alerts/gaps.ts';
import type { Shift } from '../alerts/rota.ts';
import type { OfficerId } from '../kernel/ids.ts';
import { calendarDay, clockTime } from '../kernel/time.ts';
import { TOOL } from '../kernel/tool.ts';

export type Names = ReadonlyMap<OfficerId, string>;

/** "2026-11-24 08:00" on the rota's clock. */
export const when = (at: Date, timeZone: string): string =>
  `${calendarDay(at, timeZone)} ${clockTime(at, timeZone)}`;

export const nameOf = (names: Names, id: OfficerId): string =>
  names.get(id) ?? `somebody who was removed (${id})`;

export function shiftRow(shift: Shift, timeZone: string, names: Names): string[] {
  const people = shift.officers.map((id) => nameOf(names, id)).join(', ');
  return [when(shift.start, timeZone), '-', when(shift.end, timeZone), people || 'nobody'];
}

/** What is wrong, from when until when, and the mend. */
export function gapLine(gap: Gap, timeZone: string, names: Names): string {
  const time = `${when(gap.from, timeZone)} - ${when(gap.to, timeZone)}`;
  switch (gap.kind) {
    case 'empty_step':
      return `${time}  policy ${gap.policy}, step ${gap.step}: nobody can be reached. Add a cover: ${TOOL} rota cover add`;
    case 'unreachable':
      return `${time}  rota ${gap.rota}: ${nameOf(names, gap.officer)} is on call and has no contact that works. Have them enrol: ${TOOL} officer code`;
    case 'twice':
      return `${time}  ${nameOf(names, gap.officer)} is on call on ${gap.rotas.join(' and ')} at once. Add a cover on one of them`;
    case 'unverified':
      return `${time}  ${nameOf(names, gap.officer)} is on call and has a contact that waits for its code. Add it again, or take it out: ${TOOL} officer contact list`;
    case 'all_excluded':
      return `everybody is excluded from cases of ${gap.of} ${gap.code}: they would reach nobody. Change the plan: ${TOOL} rota show --yaml`;
    case 'gone':
      return `${nameOf(names, gap.officer)} stands in the plan and is no officer any more, or not yet. Change the plan: ${TOOL} rota show --yaml`;
  }
}
