/** What `doctor` sees of WhatsApp: what the service has noted. Baileys is not loaded for it. */
import { type Check, fail, ok, warn } from '../../doctor/check.ts';
import { calendarDay } from '../../kernel/time.ts';
import { TOOL } from '../../kernel/tool.ts';
import type { InDatabase } from '../messenger.ts';
import { meaningOf, STOPPED_BY } from './meanings.ts';
import { reportWhatsapp } from './report.ts';

export async function whatsappChecks({ db, now, timeZone }: InDatabase): Promise<Check[]> {
  const report = await reportWhatsapp(db, now, timeZone);
  const checks: Check[] = [];
  const add = (check: Check) => checks.push(check);
  const { because, lastError, closesToday } = report;
  const times = closesToday > 0 ? `, disconnected ${closesToday} times today` : '';
  if (report.now === 'unlinked') add(warn('whatsapp', 'no number is linked', `${TOOL} whatsapp pair`));
  else if (report.now === 'connected') add(ok('whatsapp', `connected${times}`));
  else if (report.now === 'stopped') {
    const stopped = because ? STOPPED_BY[because] : undefined;
    add(fail('whatsapp', stopped?.words ?? 'cut off', stopped?.mend ?? `${TOOL} whatsapp status`));
  } else if (report.now === 'trying') {
    const why = lastError ? `: ${meaningOf(lastError.code).words} (${lastError.code})` : '';
    add(fail('whatsapp', `not connected${why}${times}`, `see the network; ${TOOL} whatsapp status`));
  } else
    add(
      warn('whatsapp', 'not connected: the service has not said how it is', 'npm start, or start it again'),
    );
  if (report.isHandsetMissing) {
    const day = report.handsetAt && calendarDay(report.handsetAt, timeZone);
    const detail = day ? `not seen since ${day}` : 'not seen since it was linked';
    add(warn('handset', detail, 'switch it on: WhatsApp unlinks us after 14 days without it'));
  }
  return checks;
}
