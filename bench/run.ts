/** `npm run bench [attack|sealing|intake|sos|escalation|whatsapp|console|backup|process]`: measures, and prints one table. */
import { benchAttack } from './attack.ts';
import { benchBackup } from './backup.ts';
import { benchConsole } from './console.ts';
import { benchEscalation } from './escalation.ts';
import { benchGrammy } from './grammy.ts';
import { benchIntake } from './intake.ts';
import { benchProcess } from './process.ts';
import { benchSealing } from './sealing.ts';
import { benchSos } from './sos.ts';
import { type Row, table } from './table.ts';
import { benchWhatsapp } from './whatsapp.ts';
import { startServer } from './world.ts';

const wanted = process.argv.slice(2);
const wants = (name: string) => wanted.length === 0 || wanted.includes(name);
const rows: Row[] = [];

if (wants('sealing')) rows.push(...(await benchSealing()));
if (wants('intake')) {
  const server = await startServer();
  const [ours, ceiling, ...sealed] = await benchIntake(server);
  const grammy = await benchGrammy(server);
  await server.stop();
  if (ours && ceiling) {
    rows.push(ours, ceiling);
    rows.push({
      ...grammy,
      ratio: (ours.perSecond ?? 0) / (grammy.perSecond ?? 1),
      against: 'it is our intake',
    });
    rows.push(...sealed);
  }
}
if (wants('sos')) {
  const server = await startServer();
  rows.push(await benchSos(server));
  await server.stop();
}
if (wants('escalation')) {
  const server = await startServer();
  rows.push(...(await benchEscalation(server)));
  await server.stop();
}
if (wants('whatsapp')) {
  const server = await startServer();
  rows.push(...(await benchWhatsapp(server)));
  await server.stop();
}
if (wants('console')) {
  const server = await startServer();
  rows.push(...(await benchConsole(server)));
  await server.stop();
}
if (wants('attack')) {
  const server = await startServer();
  rows.push(...(await benchAttack(server)));
  await server.stop();
}
if (wants('backup')) {
  const server = await startServer();
  rows.push(...(await benchBackup(server)));
  await server.stop();
}
if (wants('process')) rows.push(...(await benchProcess()));

process.stdout.write(`${table(rows)}\n`);
