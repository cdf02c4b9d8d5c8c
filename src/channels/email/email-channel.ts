/**
 * Pages by e-mail. The subject says no more than the first line of the page.
 *
 * Invariants: an error of the mail server is reduced to a code; what broke off after the text went out and before the
 * server answered counts as "may have arrived"; a password goes over the network only where the line is encrypted.
 */
import { Readable } from 'node:stream';
import { createTransport, type SentMessageInfo } from 'nodemailer';
import type { AccountFault, Channel, OutgoingMessage, SendResult } from '../channel.ts';
import { type Asked, createSendOnly } from '../send-only.ts';

/** `url`: `smtp://` or `smtps://` with user and password; `from`: the sender's address. */
export type EmailOptions = { url: string; from: string };

const TIMEOUTS = { connectionTimeout: 8_000, greetingTimeout: 8_000, socketTimeout: 15_000 };
const THIS_MACHINE = ['localhost', '127.0.0.1', '[::1]'];

export function createEmailChannel({ url, from }: EmailOptions): Channel {
  // What stands behind "?" in the URL goes before these: an office whose own server knows no TLS says so there.
  const options = { url, ...TIMEOUTS, requireTLS: isElsewhere(url) };
  return createSendOnly('email', {
    // Logs in and goes again: whether our sender may send to others shows only with a mail.
    ask: () =>
      createTransport(options)
        .verify()
        .then(
          (): Asked => ({ ok: true, proves: ['key', 'address'] }),
          (error: SmtpError): Asked => {
            const fault = faultOf(error);
            return { ok: false, code: codeOf(error), ...(fault ? { fault } : {}) };
          },
        ),
    send(address, message, signal) {
      const transport = createTransport(options);
      const text = new TextOfMail();
      // The server has agreed to take the text when it is read first.
      transport.use('stream', ({ message: mail }, done) => {
        const read = mail.createReadStream.bind(mail);
        mail.createReadStream = () => text.notedWhenRead(read) as ReturnType<typeof read>;
        done();
      });
      const late = new Promise<SendResult>((resolve) => {
        signal.addEventListener('abort', () => {
          text.giveUp();
          resolve(brokenOff('timeout', text));
        });
      });
      const sending = transport.sendMail(mailOf(address, from, message));
      return Promise.race([late, sending.then(sent, (error) => whatFailed(error, text))]);
    },
  });
}

function isElsewhere(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'smtp:' && !THIS_MACHINE.includes(hostname);
}

function mailOf(to: string, from: string, { text, key, urgent }: OutgoingMessage) {
  const [subject = ''] = text.split('\n');
  return {
    from,
    to,
    subject,
    text,
    // The same for each try: a mail program shows it once.
    ...(key ? { messageId: `<${key.slice(0, 40)}@${from.split('@').at(-1) ?? 'lakana'}>` } : {}),
    ...(urgent ? { priority: 'high' as const } : {}),
  };
}

/** Whether the text of one mail has begun to go out; one that was given up before does not go out any more. */
class TextOfMail {
  #isOut = false;
  #isGivenUp = false;

  get isOut(): boolean {
    return this.#isOut;
  }

  giveUp(): void {
    this.#isGivenUp = true;
  }

  notedWhenRead(read: () => AsyncIterable<unknown>): Readable {
    const noted = async function* (this: TextOfMail) {
      if (this.#isGivenUp) throw new Error('given up');
      this.#isOut = true;
      yield* read();
    };
    return Readable.from(noted.call(this));
  }
}

const sent = ({ messageId }: SentMessageInfo): SendResult => ({ ok: true, messageRef: messageId });

/** `command`: what was being said to the server. `response`: its words, to be compared and never kept. */
type SmtpError = {
  code?: string;
  responseCode?: number;
  command?: string;
  response?: string;
  message?: string;
};

const codeOf = ({ code, responseCode }: SmtpError): string =>
  code === 'EAUTH'
    ? 'smtp_auth'
    : code === 'ETLS'
      ? 'smtp_tls'
      : responseCode
        ? `smtp_${responseCode}`
        : (code ?? 'smtp');

/** "5.4.5 daily sending limit", "over quota". */
const QUOTA = /\b5\.4\.5\b|quota|limit exceeded/i;
/**
 * A server refuses a client that has not logged in, or may not from here, as if the mail's addressee were the reason.
 */
const RELAY = /relay/i;
/** The line broke while it was being encrypted: the network, not the settings. */
const CUT = /closed unexpectedly/i;

/** A refusal that is about our account, and so about every address; what passes (4xx) is none. */
function faultOf(error: SmtpError): AccountFault | undefined {
  const { code, responseCode = 0, command = '', response = '', message = '' } = error;
  if (code === 'ETLS') return CUT.test(message) ? undefined : 'address';
  // No password at all where one is asked for: nothing was said to the server.
  if (code === 'EAUTH') return responseCode === 0 || responseCode >= 500 ? 'key' : undefined;
  if (responseCode < 500) return undefined;
  if (responseCode === 530) return 'key';
  if (command === 'RCPT TO') return RELAY.test(response) ? 'right' : undefined;
  if (command === 'DATA') return QUOTA.test(response) ? 'quota' : undefined;
  if (command === 'MAIL FROM') return QUOTA.test(response) ? 'quota' : 'sender';
  return 'right';
}

/** What an error of nodemailer means; `responseCode` is what the server said, if it said anything. */
function whatFailed(error: SmtpError, text: TextOfMail): SendResult {
  const code = codeOf(error);
  const fault = faultOf(error);
  if (fault) return { ok: false, reason: 'account', fault, code };
  const { responseCode, command } = error;
  if (responseCode === undefined) return brokenOff(code, text);
  // Before it was told whom the mail is for, a refusal is about us and so about every address.
  const isAboutMail = command === 'RCPT TO' || command === 'DATA';
  return { ok: false, reason: isAboutMail && responseCode >= 500 ? 'rejected' : 'unreachable', code };
}

const brokenOff = (code: string, { isOut }: TextOfMail): SendResult => ({
  ok: false,
  reason: isOut ? 'ambiguous' : 'unreachable',
  code,
});
