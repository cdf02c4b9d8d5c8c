/** `npm run bench [intake|sos|process]`: measures, and prints one table. */
import { benchGrammy } from './grammy.ts';
import { benchIntake } from './intake.ts';
import { benchProcess } from './process.ts';
import { benchSos } from './sos.ts';
import { type Row, table } from './table.ts';
import { withServer } from './world.ts';

const wanted = process.argv.slice(2);
const wants = (name: string) => wanted.length === 0 || wanted.includes(name);
const rows: Row[] = [];

if (wants('intake'))
  await withServer(async (server) => {
    const { ours, ceiling } = await benchIntake(server);
    const grammy = await benchGrammy(server);
    const against = (to: string, row: Row) => ({ to, of: (ours.perSecond ?? 0) / (row.perSecond ?? 1) });
    rows.push({ ...ours, ratios: [against('the ceiling', ceiling), against('grammY', grammy)] });
    rows.push(ceiling, grammy);
  });
if (wants('sos')) await withServer(async (server) => void rows.push(...(await benchSos(server))));
if (wants('process')) rows.push(...(await benchProcess()));

process.stdout.write(`${table(rows)}\n`);
