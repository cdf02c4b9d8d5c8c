/**
 * A stream of server-sent events that comes back by itself, whatever cut it: the browser's own reconnection gives up as
 * soon as it gets an answer it does not like, and never notices a connection on which nothing comes any more.
 *
 * Invariants: a stream on which no sign of life came for too long is cut, whatever the connection says (a proxy may keep
 * everything back); one that the service ended because there are enough of them does not come back at once, since it
 * would only end another.
 */

/** What the service says of the stream itself (`src/http/event-stream.ts`); `failed`: it could not be had, or ended. */
export type Sign = 'alive' | 'over' | 'enough' | 'failed';

/** Opens a stream once; returns how to close it. Messages are JSON. */
export function openStream<Message>(address: string, hears: (said: Message | Sign) => void): () => void {
  const source = new EventSource(address);
  source.onmessage = ({ data }) => hears(JSON.parse(data) as Message);
  for (const name of ['alive', 'over', 'enough'] as const) source.addEventListener(name, () => hears(name));
  source.onerror = () => {
    source.close();
    hears('failed');
  };
  return () => source.close();
}

type Patience = {
  /** Milliseconds without a sign of life after which it counts as cut. */
  silenceMs: number;
  /** Milliseconds before it is opened again: after the first failure, the second, …; the last one from then on. */
  retriesMs: readonly number[];
  /** Milliseconds before it is opened again if there were enough. */
  enoughMs: number;
};

type Hearer<Message> = {
  /** A message, or a sign of life. */
  onSaid: (said: Message | 'alive') => void;
  onCut: () => void;
};

/** Keeps a stream open, until the returned function is called. `open`: how it is opened once, as by `openStream`. */
export function keepOpen<Message>(
  open: (hears: (said: Message | Sign) => void) => () => void,
  { onSaid, onCut }: Hearer<Message>,
  { silenceMs, retriesMs, enoughMs }: Patience,
): () => void {
  let close: () => void = () => undefined;
  let timer: ReturnType<typeof setTimeout>;
  let failures = 0;
  const cut = (waitMs: number) => {
    clearTimeout(timer);
    close();
    timer = setTimeout(connect, waitMs);
    onCut();
  };
  const failed = () => {
    const wait = retriesMs[Math.min(failures, retriesMs.length - 1)] ?? 0;
    failures += 1;
    cut(wait);
  };
  const waitInSilence = () => {
    clearTimeout(timer);
    timer = setTimeout(failed, silenceMs);
  };
  const connect = () => {
    waitInSilence();
    close = open((said) => {
      if (said === 'failed' || said === 'over') return failed();
      if (said === 'enough') return cut(enoughMs);
      failures = 0;
      waitInSilence();
      // What is left is a message or `alive`.
      return onSaid(said as Message | 'alive');
    });
  };
  connect();
  return () => {
    clearTimeout(timer);
    close();
  };
}
