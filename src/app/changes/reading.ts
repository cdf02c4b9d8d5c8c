/** The changes as they stand in a database, for a caller that says nothing of them to people. */
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db, Tx } from '../../db/database.ts';
import { statesOf, type TextState } from './states.ts';
import { type Fault, whatHolds } from './what-holds.ts';

export async function readChanges(
  db: Db | Tx,
  keys: { keyring: Keyring },
): Promise<{ states: ReadonlyMap<string, TextState>; faults: readonly Fault[] }> {
  const { changes, faults } = await whatHolds(db, keys);
  return { states: statesOf(changes, faults), faults };
}
