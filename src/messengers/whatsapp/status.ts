/** `whatsapp status`: how the connection is, as the process that holds it says. */
import { sayTime } from '../../app/duty/officer-wording.ts';
import { linkOf } from '../../channels/whatsapp/auth-state.ts';
import type { Result } from '../../commands/command.ts';
import { TOOL } from '../../kernel/tool.ts';
import { meaningOf, STOPPED_BY } from './meanings.ts';
import { reportWhatsapp, type WhatsappReport } from './report.ts';
import type { WhatsappServer } from './server.ts';
import { createWhatsappSession, sessionParts } from './session.ts';

type Say = (when: Date | undefined) => string | undefined;

export async function status(server: WhatsappServer): Promise<Result> {
  const { own, database, now, timeZone } = server;
  const link = await linkOf(createWhatsappSession(sessionParts(server)));
  const report = await reportWhatsapp(database.db, now, timeZone);
  const isOn = own !== undefined;
  // Enough to tell two numbers apart, too little to call one.
  const endsIn = link?.number.slice(-2);
  const say: Say = (when) => when && sayTime(when, now, timeZone);
  const lines = [
    isOn ? '✓ WHATSAPP is on' : '! WHATSAPP is off: set WHATSAPP=on and start the service again',
    ...(endsIn === undefined
      ? [`! no number is linked: ${TOOL} whatsapp pair`]
      : linkLines(report, endsIn, say)),
    ...(link && isOn ? [connectionLine(report, say)] : []),
    ...factLines(report, say),
  ];
  const { now: connection, isServiceRunning, lastError, ...facts } = report;
  return {
    text: lines.join('\n'),
    json: {
      ...facts,
      on: isOn,
      linked: link !== undefined,
      numberEndsIn: endsIn,
      connection: link ? connection : 'unlinked',
      serviceRuns: isServiceRunning,
      lastError: lastError && { ...lastError, ...meaningOf(lastError.code) },
    },
  };
}

function linkLines(report: WhatsappReport, endsIn: string, say: Say): string[] {
  const since = report.linkedAt ? ` (since ${say(report.linkedAt)})` : '';
  const missing = `! the handset was last seen ${say(report.handsetAt)}: ${SWITCH_ON}`;
  return [`✓ a number is linked, ending in ${endsIn}${since}`, ...(report.isHandsetMissing ? [missing] : [])];
}

function factLines({ lastError, ...report }: WhatsappReport, say: Say): string[] {
  const { words = '', mend } = lastError ? meaningOf(lastError.code) : {};
  const error = lastError && `${say(lastError.at)}, ${words} (${lastError.code})${mend ? `; ${mend}` : ''}`;
  return [
    `  last message received: ${say(report.receivedAt) ?? 'none'}`,
    `  last message sent: ${say(report.sentAt) ?? 'none'}`,
    `  last error: ${error ?? 'none'}`,
    `  disconnected today: ${report.closesToday === 1 ? 'once' : `${report.closesToday} times`}`,
    `  handset last seen: ${say(report.handsetAt) ?? 'not since it was linked'}`,
    `  waiting to be handled: ${report.queue}`,
  ];
}

const SWITCH_ON = 'switch it on, WhatsApp unlinks us after 14 days without it';

function connectionLine(report: WhatsappReport, say: Say): string {
  const { because, since, isServiceRunning, asOf } = report;
  const stopped = because ? STOPPED_BY[because] : undefined;
  // It says so itself when it is stopped in order.
  if (report.state === 'off')
    return `! not connected since ${say(since)}: the service does not run: npm start`;
  if (!isServiceRunning) {
    const was = report.state === 'open' ? 'connected' : 'not connected';
    return `! as of ${say(asOf)}: ${was}; the service does not run: npm start`;
  }
  switch (report.now) {
    case 'connected':
      return `✓ connected since ${say(since)}`;
    case 'stopped':
      return `✗ cut off since ${say(since)}: ${stopped?.words ?? because}; ${stopped?.mend ?? `${TOOL} doctor`}`;
    case 'trying':
      return `! not connected since ${say(since)}: the service keeps trying; see the network`;
    default:
      return `! as of ${say(asOf)}: the service has said nothing since; if it stays so, start it again`;
  }
}
