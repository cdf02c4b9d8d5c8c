/** In a browser the library computes hybrid keys: see `#hybrid` in package.json, and hybrid-of-machine.ts. */
import type { Identity, Recipient } from 'age-encryption';

/** Keys as age writes them, computed by another program than the library. Each throws when a text is no such key. */
export type Hybrid = {
  recipient(text: string): Recipient;
  identity(text: string): Identity;
  recipientOf(identity: string): string;
};

export const hybridOfMachine: Hybrid | undefined = undefined as Hybrid | undefined;
