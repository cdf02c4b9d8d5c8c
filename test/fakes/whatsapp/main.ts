/**
 * The fake WhatsApp as a process of its own, which lives on when the service is killed:
 *
 *     node test/fakes/whatsapp/main.ts [port]
 *
 * The first line it prints is its root; `trust.ts` tells how another program comes to believe it. The handset and
 * people act on request, so that any program can play them:
 *
 *     POST /control {"does": "scans", "with": ["https://wa.me/settings/linked_devices#…"]}
 *     POST /control {"person": "Awa", "does": "says", "with": ["SOS"]}        → {"result": {"id": …}}
 *     POST /control {"person": "Awa", "does": "seesText", "with": ["reçu"]}   waits, or says what she sees
 *     POST /control {"does": "count"}   → {"unconfirmed": 0, "calls": 17}
 *     POST /control {"does": "fail", "with": [{"on": "message", "with": 463}]}   and "heal"
 */
import { CONTROL_VERBS, control } from './control.ts';
import { startFakeWhatsApp } from './whatsapp.ts';

const whatsapp = await startFakeWhatsApp({
  port: Number(process.argv[2] ?? 0),
  control: (body) => control(whatsapp, body),
});
process.stdout.write(`${whatsapp.root}\n`);
process.stdout.write(`socket ${whatsapp.url}; POST /control does ${CONTROL_VERBS.join(', ')}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void whatsapp.close().then(() => process.exit(0)));
