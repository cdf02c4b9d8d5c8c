import { useCallback, useEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { Gesture, Item } from '../../channels/simulator/api.ts';
import { make, type Outcome, watch } from './api.ts';
import { afterEvent, EMPTY_SCREEN, type Screen } from './screen.ts';

/** A cut line shorter than this many milliseconds is not worth a word. */
const UNWORTHY_CUT = 700;
/** Milliseconds: the service begins to answer a gesture this soon, and then speaks this long. */
const ANSWER_BEGINS = 2_500;
const ANSWER_LASTS = 500;

export type Phone = {
  address: string;
  screen: Screen;
  /** The service is not heard. */
  isCut: boolean;
  make: (gesture: Gesture) => Promise<Outcome>;
};

/** Holds one phone. `onUnasked`: the service wrote, with sound, without having been spoken to. */
export function usePhone(address: string, onUnasked?: (item: Item) => void): Phone {
  const [screen, happen] = useReducer(afterEvent, EMPTY_SCREEN);
  const [isCut, setCut] = useState(false);
  const answeringUntil = useRef(Number.NEGATIVE_INFINITY);
  const unasked = useRef(onUnasked);
  unasked.current = onUnasked;

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = watch(address, {
      onEvent: (event) => {
        happen(event);
        if (event.type !== 'message' || event.item.from !== 'service' || event.item.silent) return;
        const now = performance.now();
        if (now > answeringUntil.current) unasked.current?.(event.item);
        else answeringUntil.current = Math.min(answeringUntil.current, now + ANSWER_LASTS);
      },
      onLink: (isUp) => {
        if (!isUp) {
          timer ??= setTimeout(() => setCut(true), UNWORTHY_CUT);
          return;
        }
        clearTimeout(timer);
        timer = undefined;
        setCut(false);
      },
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [address]);

  const act = useCallback(
    (gesture: Gesture) => {
      answeringUntil.current = performance.now() + ANSWER_BEGINS;
      return make(address, gesture);
    },
    [address],
  );
  return { address, screen, isCut, make: act };
}
