/**
 * The keys of whoever is signed in.
 *
 * Invariants: they live in this page's memory and nowhere else; after five minutes without a touch, with one key (Escape)
 * or one tap they are gone, and so is everything that was opened with them.
 */
import { useEffect } from 'preact/hooks';
import { openGrant, unwrapByDevice, unwrapByPassphrase } from '../../crypto/member-key.ts';
import type { Me } from './api.ts';
import { toBytes } from './bytes.ts';

/** `team`: the team's secret key; undefined as long as nobody has granted it. */
export type Keys = { me: Me; own: string; team: string | undefined };

const IDLE_MS = 5 * 60_000;

export async function keysFor(me: Me, own: string): Promise<Keys> {
  const team = me.grant ? await openGrant(own, toBytes(me.grant), me.team.recipient) : undefined;
  return { me, own, team };
}

/** The member's own key, by what the device computed or by the passphrase. Throws if it does not unwrap. */
export function unwrap(
  wrapped: { wrappedBy: 'prf' | 'passphrase'; wrappedSecret: string },
  by: { prf?: Uint8Array<ArrayBuffer> | undefined; passphrase?: string },
): Promise<string> {
  const bytes = toBytes(wrapped.wrappedSecret);
  if (wrapped.wrappedBy === 'prf') return unwrapByDevice(by.prf ?? new Uint8Array(), bytes);
  return unwrapByPassphrase(by.passphrase ?? '', bytes);
}

/** Locks when nobody touches anything, and at once with Escape. */
export function useLock(isOpen: boolean, lock: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    let timer = setTimeout(lock, IDLE_MS);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(lock, IDLE_MS);
    };
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape') lock();
      else touched();
    };
    window.addEventListener('pointerdown', touched);
    window.addEventListener('keydown', pressed);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointerdown', touched);
      window.removeEventListener('keydown', pressed);
    };
  }, [isOpen, lock]);
}
