/**
 * What was found last, if that is not long ago (`ms` since it was found); a caller who asks meanwhile waits for the same look,
 * unless it hangs for longer than `patience`.
 */
export function atMostEvery<T>(ms: number, patience: number, look: () => Promise<T>): () => Promise<T> {
  let last: { until: number; found: Promise<T> } | undefined;
  return () => {
    const now = performance.now();
    if (last && now < last.until) return last.found;
    const mine = { until: now + patience, found: look() };
    const ended = () => {
      mine.until = performance.now() + ms;
    };
    mine.found.then(ended, ended);
    last = mine;
    return mine.found;
  };
}
