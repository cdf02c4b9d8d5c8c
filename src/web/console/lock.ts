/**
 * The lock of the room.
 *
 * Invariants: after five minutes without a touch, at once with Escape, and before anything is done with the keys after that
 * time, they are gone; a device that slept, or whose clock was set, opens locked.
 */
import { useEffect } from 'preact/hooks';
import { createIdle, type Idle } from './idle.ts';

/** Reading is being there: wheel, keys and fingers count. */
const TOUCHES = ['pointerdown', 'keydown', 'wheel', 'touchmove'] as const;
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

export function useLock(isOpen: boolean, lock: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const idle = createIdle(() => ({ wall: Date.now(), steady: performance.now() }));
    current = { idle, lock };
    const look = () => {
      if (idle.isOver()) lock();
    };
    const touched = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key === 'Escape') lock();
      idle.touch();
      look();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    for (const name of TOUCHES) window.addEventListener(name, touched, { capture: true, passive: true });
    for (const name of RETURNS) window.addEventListener(name, look);
    document.addEventListener('visibilitychange', look);
    document.addEventListener('resume', look);
    return () => {
      current = undefined;
      clearInterval(timer);
      for (const name of TOUCHES) window.removeEventListener(name, touched, { capture: true });
      for (const name of RETURNS) window.removeEventListener(name, look);
      document.removeEventListener('visibilitychange', look);
      document.removeEventListener('resume', look);
    };
  }, [isOpen, lock]);
}
