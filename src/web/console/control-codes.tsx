/** What people compare aloud or with paper: fingerprints of the team's key and of the key with which the server signs. */

import type { Keys } from './keys.ts';
import { browserMemory } from './remembered.ts';
import { acceptServerKeys } from './server-keys.ts';
import { useWords } from './words.ts';

export function ControlCodes({ keys: { me, server } }: { keys: Keys }) {
  const { t } = useWords();
  const accept = () => {
    acceptServerKeys(me.signing, browserMemory());
    // What was opened was checked with the keys from before.
    window.location.reload();
  };
  return (
    <>
      <p class="soft">
        {t('shell.team')} <code>{me.team.fingerprint}</code>
      </p>
      <p class="soft">
        {t('devices.server_key')} <code>{server.fingerprint}</code>
      </p>
      {server.is === 'first' && <p class="soft">{t('devices.server_key_first')}</p>}
      {server.is === 'changed' && (
        <div class="alarm">
          <p>{t('shell.server_key_changed')}</p>
          <p>{t('devices.server_key_accept')}</p>
          <button type="button" onClick={accept}>
            {t('devices.accept')}
          </button>
        </div>
      )}
    </>
  );
}
