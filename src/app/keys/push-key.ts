/** The service's key pair for web pushes: made when it is first asked for, kept under the server key. */
import type { PushKey } from '../../channels/push/push-channel.ts';
import type { Keyring } from '../../crypto/keyring.ts';
import type { Db } from '../../db/database.ts';
import { keepPushKey } from '../../db/service-state.ts';

const PLACE = 'push-key';

/** Returns a function that reads the key, and makes one if there is none. */
export function createPushKey({ db, keyring }: { db: Db; keyring: Keyring }): () => Promise<PushKey> {
  return async () => {
    const { newPushKey } = await import('../../channels/push/push-channel.ts');
    const sealed = await keepPushKey(db, () =>
      keyring.seal(PLACE, PLACE, new TextEncoder().encode(JSON.stringify(newPushKey()))),
    );
    return JSON.parse(new TextDecoder().decode(keyring.open(PLACE, PLACE, sealed))) as PushKey;
  };
}
