/** What `doctor` sees of WhatsApp: what the service has noted. Baileys is not loaded for it. */
import { type Check, fail, ok, warn } from '../../doctor/check.ts';
import { calendarDay } from '../../kernel/time.ts';
import { TOOL } from '../../kernel/tool.ts';
import type { InDatabase } from '../messenger.ts';
import { meaningOf, STOPPED_BY } from './meanings.ts';
import { reportWhatsapp, seatsAsNoted, type WhatsappReport } from './report.ts';

export async function whatsappChecks({ db, now, timeZone }: InDatabase): Promise<Check[]> {
  const { inUse, standby } = await seatsAsNoted(db);
  const [first, second] = [
    await reportWhatsapp(db, inUse, now, timeZone),
    await reportWhatsapp(db, standby, now, timeZone),
  ];
  return [
    ofNumberInUse(first),
    ...handset(first, 'handset', timeZone),
    ...(first.now === 'unlinked' && second.now === 'unlinked' ? [] : [ofStandby(second)]),
    ...(second.now === 'unlinked' ? [] : handset(second, 'second handset', timeZone)),
  ];
}

function ofNumberInUse({ now, because, lastError, closesToday, isRestricted }: WhatsappReport): Check {
  const times = closesToday > 0 ? `, disconnected ${closesToday} times today` : '';
  if (now === 'unlinked') return warn('whatsapp', 'no number is linked', `${TOOL} whatsapp pair`);
  if (now === 'connected' && isRestricted)
    return fail('whatsapp', `connected, and ${RESTRICTED}`, `${ON_HANDSET}; call who gets no answer`);
  if (now === 'connected') return ok('whatsapp', `connected${times}`);
  if (now === 'stopped') {
    const stopped = because ? STOPPED_BY[because] : undefined;
    return fail('whatsapp', stopped?.words ?? 'cut off', stopped?.mend ?? `${TOOL} whatsapp status`);
  }
  if (now === 'trying') {
    const why = lastError ? `: ${meaningOf(lastError.code).words} (${lastError.code})` : '';
    return fail('whatsapp', `not connected${why}${times}`, `see the network; ${TOOL} whatsapp status`);
  }
  return warn(
    'whatsapp',
    'not connected: the service has not said how it is',
    'npm start, or start it again',
  );
}

/** It has to work on the day on which the other one does not. */
function ofStandby({ now, because, lastError, isRestricted }: WhatsappReport): Check {
  const name = 'second number';
  switch (now) {
    case 'unlinked':
      return warn(name, 'none is linked: if WhatsApp blocks the first, nobody is reached there', LINK_ONE);
    case 'connected':
      if (isRestricted) return warn(name, `${RESTRICTED}: it does not take over`, ON_HANDSET);
      return ok(name, 'stands by');
    case 'stopped':
      return warn(name, (because && STOPPED_BY[because]?.words) || 'cut off', ANOTHER_ONE);
    case 'trying':
      return warn(name, `not connected${lastError ? `: ${meaningOf(lastError.code).words}` : ''}`, SEE);
    default:
      return warn(name, 'the service has not said how it is', SEE);
  }
}

const RESTRICTED = 'WhatsApp refuses some of its messages';
const ON_HANDSET = 'read what WhatsApp says on its handset';
const LINK_ONE = `${TOOL} whatsapp pair --standby`;
const SEE = `${TOOL} whatsapp status`;
const ANOTHER_ONE = `${TOOL} whatsapp unlink --standby, then ${TOOL} whatsapp pair --standby, with another SIM`;

function handset(report: WhatsappReport, name: string, timeZone: string): Check[] {
  if (!report.isHandsetMissing) return [];
  const day = report.handsetAt && calendarDay(report.handsetAt, timeZone);
  const detail = day ? `not seen since ${day}` : 'not seen since it was linked';
  return [warn(name, detail, 'switch it on: WhatsApp unlinks us after 14 days without it')];
}
