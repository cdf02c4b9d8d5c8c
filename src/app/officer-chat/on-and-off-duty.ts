/** On duty or off duty, said by the officer at any time. */
import { openAlertsFor } from '../../db/known.ts';
import { updateOfficer } from '../../db/officers.ts';
import { listAlerts } from './officer-alerts.ts';
import { answer, type Chat, timeIn } from './officer-chat.ts';
import { onRotaUntil } from './officer-shifts.ts';

const DUTY_BUTTONS = [
  [
    { key: 'duty_on', data: 'o:duty:on' },
    { key: 'duty_off', data: 'o:duty:off' },
  ],
];

export function askDuty(chat: Chat): Promise<unknown> {
  return answer(chat, 'duty.ask', {}, { buttons: DUTY_BUTTONS });
}

export async function setDuty(chat: Chat, isOnDuty: boolean): Promise<void> {
  await updateOfficer(chat.at.tx, chat.officer.id, { isOnDuty });
  const until = isOnDuty ? undefined : await onRotaUntil(chat);
  // What a rota says counts: saying "off duty" ends what was said, and leaves no gap.
  if (until) await answer(chat, 'duty.on_rota', { at: timeIn(chat, until) });
  else await answer(chat, isOnDuty ? 'duty.on' : 'duty.off', {}, { buttons: DUTY_BUTTONS });
  if (isOnDuty && (await openAlertsFor(chat.at.tx, chat.ids)).some((row) => row.state === 'open'))
    await listAlerts(chat);
}
