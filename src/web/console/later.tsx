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

type Rooms = typeof import('./later-rooms.tsx');

let rooms: Promise<Rooms> | undefined;
let loaded: Rooms | undefined;

/** Loads them, once. */
export async function loadLater(): Promise<Rooms> {
  rooms ??= import('./later-rooms.tsx');
  loaded = await rooms;
  return loaded;
}

/** `children`: draws one of them, when they are there. */
export function Later({ children }: { children: (rooms: Rooms) => ComponentChildren }) {
  const { t } = useWords();
  const [found, setFound] = useState(loaded);
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    if (found) return;
    // The service was upgraded, or the network broke: the page is loaded anew once, and else says so.
    void loadLater().then(setFound, async () => setIsLost(!(await loadAnew())));
  }, [found]);
  if (found) return <>{children(found)}</>;
  return isLost ? (
    <p class="problem">{t('shell.part_missing')}</p>
  ) : (
    <p class="notice">{t('shell.opening')}</p>
  );
}
