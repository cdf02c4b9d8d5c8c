import { PassThrough } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** A page that reads slower than this many bytes behind is cut off; it comes back and gets everything anew. */
const MAX_BACKLOG_BYTES = 8 * 1024 * 1024;

/** The server-sent event streams that are open, so that closing the service can end them. */
export class EventStreams {
  private readonly open = new Set<PassThrough>();
  private readonly heartbeatMs: number;

  constructor(heartbeatMs: number) {
    this.heartbeatMs = heartbeatMs;
  }

  /** Answers with a stream; `source` is given the function that sends an event, and returns how to stop. */
  answer(reply: FastifyReply, source: (send: (event: object) => void) => () => void): FastifyReply {
    const stream = new PassThrough({ highWaterMark: MAX_BACKLOG_BYTES });
    const write = (chunk: string) => {
      if (stream.writableLength > MAX_BACKLOG_BYTES) stream.destroy();
      else if (stream.writable) stream.write(chunk);
    };
    // Written as a comment, so that a connection that died unnoticed is found out.
    const heartbeat = setInterval(() => write(':\n\n'), this.heartbeatMs);
    const stop = source((event) => write(`data: ${JSON.stringify(event)}\n\n`));
    this.open.add(stream);
    stream.once('close', () => {
      clearInterval(heartbeat);
      stop();
      this.open.delete(stream);
    });
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(stream);
  }

  /** Ends every stream: a server that closes waits for its answers to be finished. */
  end(): void {
    for (const stream of this.open) stream.end();
  }
}
