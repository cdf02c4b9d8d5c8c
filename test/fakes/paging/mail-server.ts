/** A mail server for tests: real SMTP, mails that can be read, faults on request. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

type Mail = { to: string[]; text: string };

/**
 * `accept`: takes mails. `refuse`: knows nobody. `busy`: asks to come again. `hang`: takes the text and never answers;
 * `drop`: hangs up then; `drop_early`: hangs up before it takes the text; `slow`: is about to, when `goesOn` is called;
 * `forget`: takes mails and drops them; `no_sender`, `no_relay`, `used_up`, `no_password`: refuses our account, as servers do.
 */
export type MailBehaviour =
  | 'no_sender'
  | 'no_relay'
  | 'used_up'
  | 'no_password'
  | 'accept'
  | 'refuse'
  | 'busy'
  | 'hang'
  | 'drop'
  | 'drop_early'
  | 'slow'
  | 'forget';

const says = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode });

export async function startMailServer() {
  const mails: Mail[] = [];
  let behaviour: MailBehaviour = 'accept';
  let goOn: () => void = () => undefined;
  const lines = new Set<Socket>();
  const hangUp = (): void => {
    for (const line of lines) line.destroy();
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth: (auth, _session, done) =>
      behaviour === 'no_password' ? done(says(535, 'bad credentials')) : done(null, { user: auth.username }),
    onMailFrom: (_address, _session, done) => {
      if (behaviour === 'no_sender')
        return done(says(553, '5.7.1 sender address rejected: not owned by user'));
      if (behaviour === 'used_up') return done(says(550, '5.4.5 Daily user sending limit exceeded'));
      done();
    },
    onRcptTo: (_address, _session, done) => {
      if (behaviour === 'refuse') return done(says(550, 'no such mailbox'));
      if (behaviour === 'no_relay') return done(says(554, '5.7.1 relay access denied'));
      if (behaviour === 'busy') return done(says(451, 'try again later'));
      if (behaviour === 'drop_early') return hangUp();
      if (behaviour === 'slow') goOn = done;
      else done();
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour === 'hang') return;
        if (behaviour === 'drop') return hangUp();
        const to = session.envelope.rcptTo.map(({ address }) => address);
        if (behaviour !== 'forget') mails.push({ to, text: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (line: Socket) => lines.add(line));
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    behaves: (as: MailBehaviour) => {
      behaviour = as;
    },
    /** What was kept waiting goes on; resolves when those lines are closed. */
    async goesOn(): Promise<void> {
      const closed = [...lines].filter((line) => !line.closed).map((line) => once(line, 'close'));
      goOn();
      await Promise.all(closed);
    },
    close(): Promise<void> {
      hangUp();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
