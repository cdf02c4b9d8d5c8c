/** A room that looks again at each change, and knows how old is what it shows. */
import { useEffect, useState } from 'preact/hooks';
import { api, openChanges } from './api.ts';
import { createLine } from './line.ts';
import { roomsHere } from './rooms-here.ts';

/**
 * `isUp`: changes are heard. `isAnswered`: the last look succeeded; undefined: not known since the line was cut. `asOf`: when
 * the last one that did succeed began.
 */
export type LiveState = { isUp: boolean; isAnswered: boolean | undefined; asOf: string | undefined };

let watch: ReturnType<typeof createLine> | undefined;

/** `look` is called at once and at each change, one at a time; it resolves to whether it succeeded. */
export function useLive(look: () => Promise<boolean>): LiveState {
  const [isUp, setIsUp] = useState(true);
  const [seen, setSeen] = useState<Omit<LiveState, 'isUp'>>({ isAnswered: true, asOf: undefined });
  useEffect(() => {
    let isLooking = false;
    let isWanted = false;
    let isGone = false;
    const onChange = async () => {
      isWanted = true;
      // On a slow network looks would pile up.
      if (isLooking) return;
      isLooking = true;
      while (isWanted && !isGone) {
        isWanted = false;
        const at = new Date().toISOString();
        const isAnswered = await look();
        if (!isGone) setSeen((before) => ({ isAnswered, asOf: isAnswered ? at : before.asOf }));
      }
      isLooking = false;
    };
    let news: string | undefined;
    const onPoll = async () => {
      const at = new Date().toISOString();
      const answer = await api.news();
      if (isGone) return;
      if (!answer.ok) return setSeen((before) => ({ ...before, isAnswered: false }));
      const isNew = answer.value.news !== news;
      news = answer.value.news;
      // A case is fetched, and the look noted, only when there is something.
      if (isNew) await onChange();
      else setSeen({ isAnswered: true, asOf: at });
    };
    void onChange();
    watch ??= createLine({ openChanges, rooms: roomsHere() });
    const leave = watch({
      onChange: () => void onChange(),
      onPoll: () => void onPoll(),
      onLine(next) {
        setIsUp(next);
        if (!next) setSeen((before) => ({ ...before, isAnswered: undefined }));
      },
    });
    return () => {
      isGone = true;
      leave();
    };
  }, [look]);
  return { isUp, ...seen };
}
