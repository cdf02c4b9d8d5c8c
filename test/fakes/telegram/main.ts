/**
 * The fake Telegram as a process of its own, which lives on when the service is killed:
 *
 *     node test/fakes/telegram/main.ts [port] [token]
 *
 * The first line it prints is its root, for TELEGRAM_API_ROOT. People act on request, so that any program can
 * play them:
 *
 *     POST /control {"person": "Awa", "does": "says", "with": ["SOS"]}        → {"result": …}
 *     POST /control {"person": "Awa", "does": "seesText", "with": ["reçu"]}   waits, or says what she sees
 *     POST /control {"does": "count"}   → {"confirmed": 3, "unconfirmed": 0, "texts": ["SOS", …], "calls": 17}
 *     POST /control {"does": "fail", "with": [{"method": "sendMessage", "with": 502}]}   and "heal"
 */
import { CONTROL_VERBS, control } from './control.ts';
import { startFakeTelegram } from './telegram.ts';

const [port, token] = process.argv.slice(2);
const telegram = await startFakeTelegram({
  port: Number(port ?? 0),
  ...(token === undefined ? {} : { token }),
  control: (body) => control(telegram, body),
});
process.stdout.write(`${telegram.root}\n`);
process.stdout.write(`token ${telegram.token}; POST /control does ${CONTROL_VERBS.join(', ')}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void telegram.close().then(() => process.exit(0)));
