/**
 * The lock of the room.
 *
 * Invariants: after five minutes without a touch (or without a sound that plays, `idle.ts`), at once with Escape, and before anything is done with the keys after that
 * time, they are gone; a device that slept, or whose clock was set, opens locked.
 */
import { useEffect, useState } from 'preact/hooks';
import { createIdle, type Idle } from './idle.ts';

/**
 * Reading is being there: wheel, keys and fingers count, a mouse that moves, what a screen reader or a voice makes of them
 * (`click`, `focusin`, `input`). Scrolling alone does not: what is new in a room that nobody sits before scrolls it too.
 */
const TOUCHES = [
  'pointerdown',
  'pointermove',
  'keydown',
  'wheel',
  'touchmove',
  'click',
  'focusin',
  'input',
] as const;
/** Each quarter of a second, of a sound that plays. */
const PLAYS = 'timeupdate';
/** When a device may have slept, or the page was put away. */
const RETURNS = ['focus', 'pageshow', 'online'] as const;
const LOOK_EVERY_MS = 5_000;

let current: { idle: Idle; lock: () => void } | undefined;

/** To be asked before the keys are used: throws, and locks, if nobody has been there for too long. */
export function mustBeOpen(): void {
  if (!current?.idle.isOver()) return;
  current.lock();
  throw new Error('locked');
}

/** Returns whether the room closes soon if nobody touches anything. */
export function useLock(isOpen: boolean, lock: () => void): boolean {
  const [isSoon, setIsSoon] = useState(false);
  useEffect(() => {
    if (!isOpen) return;
    const idle = createIdle(() => ({ wall: Date.now(), steady: performance.now() }));
    current = { idle, lock };
    const look = () => {
      setIsSoon(idle.isSoonOver());
      if (idle.isOver()) lock();
    };
    const touched = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key === 'Escape') lock();
      // A page that moves under a mouse that lies still.
      if (event instanceof PointerEvent && event.type === 'pointermove' && !hasMoved(event)) return;
      idle.touch();
      look();
    };
    const plays = () => {
      idle.plays();
      look();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    for (const name of TOUCHES) window.addEventListener(name, touched, { capture: true, passive: true });
    for (const name of RETURNS) window.addEventListener(name, look);
    window.addEventListener(PLAYS, plays, { capture: true });
    document.addEventListener('visibilitychange', look);
    document.addEventListener('resume', look);
    return () => {
      current = undefined;
      setIsSoon(false);
      clearInterval(timer);
      for (const name of TOUCHES) window.removeEventListener(name, touched, { capture: true });
      for (const name of RETURNS) window.removeEventListener(name, look);
      window.removeEventListener(PLAYS, plays, { capture: true });
      document.removeEventListener('visibilitychange', look);
      document.removeEventListener('resume', look);
    };
  }, [isOpen, lock]);
  return isSoon;
}

const hasMoved = ({ movementX, movementY }: PointerEvent): boolean => movementX !== 0 || movementY !== 0;
