/** The environment of a live service that runs as a process of its own, on a fake Telegram. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from './database.ts';
import type { FakeTelegram } from './fakes/telegram/telegram.ts';

type Given = {
  /** Keys and data lie there. */
  folder: string;
  database: Pick<TestDatabase, 'url'>;
  telegram: Pick<FakeTelegram, 'token' | 'root'>;
  serverKey: string;
  recipient: string;
};

export async function liveEnv({ folder, database, telegram, serverKey, recipient }: Given) {
  const keyFile = join(folder, 'server.key');
  const teamFile = join(folder, 'team.pub');
  await writeFile(keyFile, serverKey);
  await writeFile(teamFile, `${recipient}\n`);
  return {
    DATABASE_URL: database.url,
    DATA_DIR: join(folder, 'data'),
    PORT: '0',
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.root,
    SERVER_KEY_FILE: keyFile,
    TEAM_RECIPIENT_FILE: teamFile,
  };
}
