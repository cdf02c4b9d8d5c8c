/** Whose messages are being handled, so that the next one of a contact is not begun beside them. */
import { contactKey, type Who } from './waiting.ts';

export type OneAtATime = {
  isHandled(key: string): boolean;
  /** Does the work, and counts it as long as it lasts. */
  whileHandled<T>(who: Who, work: () => Promise<T>): Promise<T>;
};

export function createOneAtATime(): OneAtATime {
  const underWay = new Map<string, number>();
  return {
    isHandled: (key) => underWay.has(key),
    async whileHandled(who, work) {
      const key = contactKey(who);
      underWay.set(key, (underWay.get(key) ?? 0) + 1);
      try {
        return await work();
      } finally {
        const left = (underWay.get(key) ?? 1) - 1;
        if (left > 0) underWay.set(key, left);
        else underWay.delete(key);
      }
    },
  };
}
