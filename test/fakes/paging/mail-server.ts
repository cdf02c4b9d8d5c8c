/** A mail server for tests: real SMTP, mails that can be read, faults on request. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

type Mail = { to: string[]; text: string };

/**
 * `accept`: takes mails. `refuse`: knows nobody. `busy`: asks to come again. `hang`: takes the text and never answers;
 * `forget`: takes mails and drops them.
 */
export type MailBehaviour = 'accept' | 'refuse' | 'busy' | 'hang' | 'forget';

const says = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

export async function startMailServer() {
  const mails: Mail[] = [];
  let behaviour: MailBehaviour = 'accept';
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      if (behaviour === 'refuse') return done(says(550, 'no such mailbox'));
      if (behaviour === 'busy') return done(says(451, 'try again later'));
      done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour === 'hang') return;
        const to = session.envelope.rcptTo.map(({ address }) => address);
        if (behaviour !== 'forget') mails.push({ to, text: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    behaves: (as: MailBehaviour) => {
      behaviour = as;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
