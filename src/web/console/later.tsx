/**
 * Rooms whose program comes a little later than the page: on a slow network the way in, the list and the case are there first.
 *
 * They are asked for soon after a member has signed in, so that an upgrade of the service, which takes the old files
 * away, finds an open page whole. Browsers do not try again to load what failed once: then only loading the page anew
 * helps.
 */

import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadAnew } from '../load-anew.ts';
import { useWords } from './words.ts';

/** What can be loaded later: how to, once, and how to draw something of it when it is there. */
function later<Rooms>(fetched: () => Promise<Rooms>) {
  let rooms: Promise<Rooms> | undefined;
  let loaded: Rooms | undefined;
  const load = async (): Promise<Rooms> => {
    rooms ??= fetched();
    loaded = await rooms;
    return loaded;
  };
  function Shown({ children }: { children: (rooms: Rooms) => ComponentChildren }) {
    const { t } = useWords();
    const [found, setFound] = useState(() => loaded);
    const [isLost, setIsLost] = useState(false);
    useEffect(() => {
      if (found) return;
      // The service was upgraded, or the network broke: the page is loaded anew once, and else says so.
      void load().then(
        (there) => setFound(() => there),
        async () => setIsLost(!(await loadAnew())),
      );
    }, [found]);
    if (found) return <>{children(found)}</>;
    return isLost ? (
      <p class="problem">{t('shell.part_missing')}</p>
    ) : (
      <p class="notice">{t('shell.opening')}</p>
    );
  }
  return { load, Shown };
}

const rooms = later(() => import('./later-rooms.tsx'));
const texts = later(() => import('./texts/room.tsx'));
const file = later(() => import('./files/file-inside.tsx'));

/** `children`: draws one of them, when they are there. */
export const Later = rooms.Shown;
/** The room for texts has a file of its own: most never open it. */
export const LaterTexts = texts.Shown;
/** What looks into a file has a file of its own too: large, and of use only where one is opened. */
export const LaterFile = file.Shown;

/** Loads them, once. `isForTexts`: also the room for texts. */
export async function loadLater(isForTexts: boolean): Promise<void> {
  await Promise.all([rooms.load(), ...(isForTexts ? [texts.load()] : [])]);
}
