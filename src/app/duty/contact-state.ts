/**
 * Whether an officer's contact is well: what was sent to it, or a check with the rights of a send, was accepted lately. The
 * only place that says so: the officer's list, the coordinator's and `doctor` read it here.
 */
import { days } from '../../kernel/time.ts';
import type { ChannelKind } from '../../kernel/vocabulary.ts';

export type ContactState =
  | 'works'
  /** Its code was not typed yet. */
  | 'waiting'
  /** The bot is blocked there, the browser unsubscribed. */
  | 'blocked'
  /** This address was refused: no such number or mailbox. */
  | 'refused'
  /** Nothing leaves by this way for anybody now. */
  | 'cut'
  /** Nothing was sent there for so long that nobody knows. */
  | 'untried';

/** The weekly exercise, and a day. */
const LATELY = days(8);
/** Asked every five minutes with a request that is a send in all but its effect: a refusal would be a trouble. */
const ASKED_LIKE_A_SEND: readonly string[] = ['ntfy'] satisfies ChannelKind[];

type Known = {
  channel: string;
  verifiedAt: Date | null;
  blockedAt: Date | null;
  takenAt: Date | null;
  refusal: string | null;
};

/** `troubled`: channels that are known not to work (`channel_troubles`). */
export function contactState(
  { channel, verifiedAt, blockedAt, takenAt, refusal }: Known,
  troubled: ReadonlySet<string>,
  now: Date,
): ContactState {
  if (verifiedAt === null) return 'waiting';
  if (blockedAt) return 'blocked';
  if (troubled.has(channel)) return 'cut';
  if (refusal !== null) return 'refused';
  if (ASKED_LIKE_A_SEND.includes(channel)) return 'works';
  // Its code came there, or was typed there. An officer who writes in a chat is answered there, and the answer was
  // taken.
  const last = Math.max(takenAt?.getTime() ?? 0, verifiedAt.getTime());
  return now.getTime() - last <= LATELY ? 'works' : 'untried';
}
