/** Values handed from one who makes them to one who works on them, one at a time: neither runs ahead of the other. */
export type HandOver<T> = {
  /** Resolves once the value was taken, or when nobody takes any more. */
  give(value: T): Promise<void>;
  /** No more come. */
  end(): void;
  /** What is taken; may be gone through once. */
  taken(): AsyncGenerator<T, void>;
};

export function createHandOver<T>(): HandOver<T> {
  let waiting: { value: T; done: () => void } | undefined;
  let wake = () => {};
  let isOver = false;
  let isLeft = false;
  return {
    give: (value) =>
      new Promise((done) => {
        if (isLeft || isOver) return done();
        waiting = { value, done };
        wake();
      }),
    end() {
      isOver = true;
      wake();
    },
    async *taken() {
      try {
        for (;;) {
          if (!waiting && !isOver) await new Promise<void>((woken) => (wake = woken));
          if (!waiting) return;
          const { value, done } = waiting;
          waiting = undefined;
          // The giver goes on while this one works, and waits with the next.
          done();
          yield value;
        }
      } finally {
        isLeft = true;
        waiting?.done();
      }
    },
  };
}
