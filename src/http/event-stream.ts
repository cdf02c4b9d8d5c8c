/**
 * The server-sent event streams that are open. Ours, since `@fastify/sse` 0.6 lost when it was tried: it never cuts a page
 * that does not read (60 MB lay in memory), gives a sign of life that no page hears (a comment), goes past the hooks that
 * set headers, and leaves streams open when the service closes.
 *
 * Invariants: what is sent reaches the page at once also through a proxy that keeps answers back (nginx as it comes, by
 * `X-Accel-Buffering`); a page can tell a silent line from a cut one, by `alive`; a stream ends with the session that
 * opened it, and nobody has more than a few.
 */
import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A page that reads slower than this many bytes behind is cut off; it comes back and gets everything anew. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** Whose a stream is. `person`: of whom a few at most. `session`: with which it ends. */
type Owner = { person?: string; session?: string };
type Open = Owner & { stream: PassThrough; say: (event: string) => void };

type Options = {
  /** How often each stream is given a sign of life. */
  aliveMs: number;
  /** Streams of one person; the oldest ends when there is one more. Default: any number. */
  perPerson?: number;
  /** Which of these sessions go on. Asked with each sign of life; a rejected promise ends no stream. */
  going?: (sessions: readonly string[]) => Promise<ReadonlySet<string>>;
};

export class EventStreams {
  private readonly open = new Set<Open>();
  private readonly options: Options;
  private timer: NodeJS.Timeout | undefined;

  constructor(options: Options) {
    this.options = options;
  }

  /** Answers with a stream; `source` is given the function that sends an event, and returns how to stop. */
  answer(
    reply: FastifyReply,
    source: (send: (event: object) => void) => () => void,
    owner: Owner = {},
  ): FastifyReply {
    this.makeRoom(owner);
    const stream = new PassThrough({ highWaterMark: MAX_BACKLOG_BYTES });
    const write = (chunk: string) => {
      if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
      else if (stream.writable) stream.write(chunk);
    };
    // A name of its own: a page that does not know it hears nothing. A comment would never be shown to a page.
    const opened = { ...owner, stream, say: (event: string) => write(`event: ${event}\ndata: {}\n\n`) };
    const stop = source((event) => write(`data: ${JSON.stringify(event)}\n\n`));
    this.open.add(opened);
    this.timer ??= setInterval(() => this.beat(), this.options.aliveMs);
    stream.once('close', () => {
      stop();
      this.open.delete(opened);
      if (this.open.size > 0) return;
      clearInterval(this.timer);
      this.timer = undefined;
    });
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(stream);
  }

  /** Ends the streams of sessions that are over. */
  async look(): Promise<void> {
    const { going } = this.options;
    const sessions = [...this.open].flatMap(({ session }) => session ?? []);
    if (!going || sessions.length === 0) return;
    // Without an answer nothing is known: it is asked again soon.
    const still = await going([...new Set(sessions)]).catch(() => undefined);
    if (!still) return;
    // One that was opened meanwhile was not asked about.
    const asked = new Set(sessions);
    for (const { session, stream, say } of this.open) {
      if (session === undefined || !asked.has(session) || still.has(session)) continue;
      say('over');
      stream.end();
    }
  }

  /** Ends every stream: a server that closes waits for its answers to be finished. */
  end(): void {
    for (const { stream } of this.open) stream.end();
  }

  private beat(): void {
    for (const { say } of this.open) say('alive');
    void this.look();
  }

  private makeRoom({ person }: Owner): void {
    const { perPerson } = this.options;
    if (person === undefined || perPerson === undefined) return;
    const theirs = [...this.open].filter((each) => each.person === person && each.stream.writable);
    for (const { say, stream } of theirs.slice(0, Math.max(0, theirs.length - perPerson + 1))) {
      // Said, so that the page does not come back at once and end another one.
      say('enough');
      stream.end();
    }
  }
}
