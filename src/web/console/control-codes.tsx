/** What people compare aloud or with paper: fingerprints of the team's key and of the key with which the server signs. */

import type { Keys } from './keys.ts';
import { browserMemory } from './remembered.ts';
import { acceptServerKeys } from './server-keys.ts';
import { useWords } from './words.ts';

export function ControlCodes({ keys: { me, server } }: { keys: Keys }) {
  const { words } = useWords();
  const accept = () => {
    acceptServerKeys(me.signing, browserMemory());
    // What was opened was checked with the keys from before.
    window.location.reload();
  };
  return (
    <>
      <p class="soft">
        {words.team} : <code>{me.team.fingerprint}</code>
      </p>
      <p class="soft">
        {words.trust.serverKey} : <code>{server.fingerprint}</code>
      </p>
      {server.is === 'first' && <p class="soft">{words.trust.serverKeyFirst}</p>}
      {server.is === 'changed' && (
        <div class="alarm">
          <p>{words.trust.serverKeyChanged}</p>
          <p>{words.trust.serverKeyAccept}</p>
          <button type="button" onClick={accept}>
            {words.trust.accept}
          </button>
        </div>
      )}
    </>
  );
}
