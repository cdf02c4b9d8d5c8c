/**
 * Pages by e-mail. The subject says no more than the first line of the page.
 *
 * Invariant: an error of the mail server is reduced to a code; an answer that never came after the text was sent counts
 * as "may have arrived".
 */
import { createTransport } from 'nodemailer';
import type { Channel, SendResult } from '../channel.ts';
import { createSendOnly } from '../send-only.ts';

/** `url`: `smtp://` or `smtps://` with user and password; `from`: the sender's address. */
export type EmailOptions = { url: string; from: string };

const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 15_000 };

export function createEmailChannel({ url, from }: EmailOptions): Channel {
  const transport = createTransport({ url, ...TIMEOUTS });
  return createSendOnly('email', {
    probe: () =>
      transport.verify().then(
        () => undefined,
        (error: SmtpError) => (error.code === 'EAUTH' ? 'smtp_auth' : (error.code ?? 'smtp')),
      ),
    async send(address, message, signal) {
      const [subject = ''] = message.text.split('\n');
      const key = message.key?.slice(0, 40);
      const mail = {
        from,
        to: address,
        subject,
        text: message.text,
        // The same for each try: a mail program shows it once.
        ...(key ? { messageId: `<${key}@${from.split('@').at(-1) ?? 'lakana'}>` } : {}),
        ...(message.urgent ? { priority: 'high' as const } : {}),
      };
      const late = new Promise<SendResult>((resolve) => {
        signal.addEventListener('abort', () => resolve({ ok: false, reason: 'ambiguous', code: 'timeout' }));
      });
      return Promise.race([late, transport.sendMail(mail).then(sent, whatFailed)]);
    },
  });
}

const sent = ({ messageId }: { messageId: string }): SendResult => ({ ok: true, messageRef: messageId });

type SmtpError = { code?: string; command?: string; responseCode?: number };

/** What an error of nodemailer means. `command` is what was being said to the server. */
function whatFailed(error: SmtpError): SendResult {
  const code = error.responseCode ? `smtp_${error.responseCode}` : (error.code ?? 'smtp');
  const wasAnswered = error.responseCode !== undefined;
  if (error.code === 'EAUTH') return { ok: false, reason: 'unreachable', code: 'smtp_auth' };
  if (wasAnswered && (error.responseCode ?? 0) >= 500) return { ok: false, reason: 'rejected', code };
  if (wasAnswered || error.command === 'CONN' || isBeforeData(error))
    return { ok: false, reason: 'unreachable', code };
  return { ok: false, reason: 'ambiguous', code };
}

function isBeforeData({ command, code }: SmtpError): boolean {
  return code === 'EDNS' || code === 'ECONNECTION' || (command !== undefined && command !== 'DATA');
}
