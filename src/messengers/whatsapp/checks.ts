/** What `doctor` sees of WhatsApp: what the service has noted. Baileys is not loaded for it. */
import type { Line } from '../../app/ground/lines.ts';
import { type Check, fail, ok, warn } from '../../doctor/check.ts';
import { calendarDay } from '../../kernel/time.ts';
import type { InDatabase } from '../messenger.ts';
import { line } from './lines.ts';
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
    ...handset(first, line('handset'), timeZone),
    ...(first.now === 'unlinked' && second.now === 'unlinked' ? [] : [ofStandby(second)]),
    ...(second.now === 'unlinked' ? [] : handset(second, line('second_handset'), timeZone)),
  ];
}

function ofNumberInUse({ now, because, lastError, closesToday, isRestricted }: WhatsappReport): Check {
  const withTimes = (said: Line) => (closesToday > 0 ? line('times', { said, count: closesToday }) : said);
  if (now === 'unlinked') return warn('whatsapp', line('none'), line('pair'));
  if (now === 'connected' && isRestricted)
    return fail('whatsapp', line('restricted'), line('restricted_mend'));
  if (now === 'connected') return ok('whatsapp', withTimes(line('connected')));
  if (now === 'stopped') {
    const stopped = because ? STOPPED_BY[because] : undefined;
    return fail('whatsapp', stopped?.said ?? line('cut_off'), stopped?.mend ?? line('status'));
  }
  if (now === 'trying') {
    const trying = lastError
      ? line('trying_because', { why: meaningOf(lastError.code).said, code: lastError.code })
      : line('trying');
    return fail('whatsapp', withTimes(trying), line('trying_mend'));
  }
  return warn('whatsapp', line('unsaid'), line('unsaid_mend'));
}

/** It has to work on the day on which the other one does not. */
function ofStandby({ now, because, lastError, isRestricted }: WhatsappReport): Check {
  const name = line('second_number');
  switch (now) {
    case 'unlinked':
      return warn(name, line('no_second'), line('no_second_mend'));
    case 'connected':
      if (isRestricted) return warn(name, line('second_restricted'), line('on_handset'));
      return ok(name, line('stands_by'));
    case 'stopped':
      return warn(
        name,
        (because ? STOPPED_BY[because]?.said : undefined) ?? line('cut_off'),
        line('second_mend'),
      );
    case 'trying':
      return warn(
        name,
        lastError ? line('second_trying', { why: meaningOf(lastError.code).said }) : line('trying'),
        line('status'),
      );
    default:
      return warn(name, line('second_unsaid'), line('status'));
  }
}

function handset(report: WhatsappReport, name: Line, timeZone: string): Check[] {
  if (!report.isHandsetMissing) return [];
  const day = report.handsetAt && calendarDay(report.handsetAt, timeZone);
  const detail = day ? line('unseen_since', { day }) : line('unseen');
  return [warn(name, detail, line('unseen_mend'))];
}
