/** What `doctor` says of Telegram: the texts under `doctor` in `locales/<language>/telegram.yaml`, with what is filled in. */
import { linesUnder } from '../../app/ground/lines.ts';

export const line = linesUnder('telegram.doctor', {
  off: [],
  off_mend: [],
  on: ['name', 'way'],
  webhook: [],
  polling: [],
  unknown_token: [],
  unknown_token_mend: [],
  silent: ['host', 'code'],
  silent_mend: [],
  refused: ['code'],
  refused_mend: [],
  unfetched: ['count'],
  unfetched_some: [],
  unfetched_mend: ['path'],
});
