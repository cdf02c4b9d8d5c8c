/**
 * One linking: from the first word to WhatsApp until the number is linked, or it is clear why not.
 *
 * Invariant: it ends, with a number that works or with a reason that says what to do.
 */
import type { BinaryNode } from '@whiskeysockets/baileys';
import type {
  Connection,
  ConnectionParts,
  ConnectionStatus,
  Socket,
} from '../../channels/whatsapp/connection.ts';
import { LakanaError } from '../../kernel/errors.ts';

export type LinkingOptions = {
  /** Digits of the number that letters are wanted for; absent: a QR code. */
  number?: string;
  /** How long the handset may take. */
  withinMs: number;
  shows(what: { qr: string } | { code: string } | { words: string }): void;
  make(parts: Pick<ConnectionParts, 'onQr' | 'onSocket' | 'onStatus'>): Connection;
  /** Aborted when the operator has enough of it. */
  signal: AbortSignal;
};

/** Sockets in a row without a sign of WhatsApp after which the network is to blame. */
const TRIES = 3;
/** WhatsApp asks a device that was just linked to come again. */
const ACCEPTED = 515;

/** Resolves once the number is linked and was connected; rejects with a `LakanaError`. */
export async function linkNumber(options: LinkingOptions): Promise<void> {
  const { number, shows, signal } = options;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (code: string, words: string): void => reject(new LakanaError(code, words));
  const asked = new WeakSet<Socket>();
  let hasHeard = false;
  let failures = 0;

  /** Letters are worth something on the connection that asked for them only. */
  const ask = async (socket: Socket, wanted: string): Promise<void> => {
    if (asked.has(socket)) return;
    asked.add(socket);
    shows({ code: await socket.requestPairingCode(wanted) });
  };
  const became = ({ is, because, code }: ConnectionStatus): void => {
    if (is === 'open') resolve();
    if (is === 'linking') hasHeard = true;
    if (is === 'stopped' && because) fail(because, STOPPED[because]);
    if (is !== 'waiting') return;
    failures += 1;
    if (code === ACCEPTED) shows({ words: 'The handset has accepted: connecting …' });
    else if (hasHeard) shows({ words: 'The connection to WhatsApp has ended: trying again.' });
    else if (failures >= TRIES) fail('unreachable', UNREACHABLE);
  };
  const connection = options.make({
    onQr(text) {
      const { linking } = connection;
      // A connection that broke meanwhile is followed by another one, which asks again.
      if (number && linking) void ask(linking, number).catch(() => undefined);
      else if (!number) shows({ qr: text });
    },
    onSocket: (socket) =>
      socket.ws.on('CB:iq,type:error', ({ content }: BinaryNode) => {
        const code = Array.isArray(content)
          ? content.find(({ tag }) => tag === 'error')?.attrs.code
          : undefined;
        if (asked.has(socket)) fail('bad_number', code === '429' ? TOO_OFTEN : notTaken(code));
      }),
    onStatus: became,
  });
  const tooLate = setTimeout(() => {
    const isWaiting = connection.status.is === 'linking';
    if (isWaiting)
      fail('not_scanned', `nobody ${number ? 'typed the letters' : 'scanned'} in time: run this again`);
    else fail('unreachable', UNREACHABLE);
  }, options.withinMs);
  const interrupted = () => fail('interrupted', 'stopped before the number was linked: run this again');
  signal.addEventListener('abort', interrupted);
  if (signal.aborted) interrupted();
  connection.start();
  try {
    await promise;
  } finally {
    clearTimeout(tooLate);
    signal.removeEventListener('abort', interrupted);
    await connection.stop();
  }
}

const UNREACHABLE =
  'WhatsApp cannot be reached: see the network (and WHATSAPP_SOCKET_URL, if it is set), then run this again';
const TOO_OFTEN =
  'WhatsApp gives no more letters for now: wait an hour, or scan the QR code (without --code)';
const notTaken = (code = 'no code'): string =>
  `WhatsApp gives no letters for this number (${code}): see that it is right and on WhatsApp, or scan the QR code`;

const STOPPED: Record<NonNullable<ConnectionStatus['because']>, string> = {
  logged_out:
    'the handset has not kept the link: on it, see Settings, Linked devices (at most four), then run this again',
  replaced: 'another program uses this session: stop it, then run this again',
  refused: 'WhatsApp refuses this number: open WhatsApp on the handset and read what it says',
  outdated: 'this program is too old for WhatsApp: install the new version',
};
