/** The guardian with less patience than in service: `node quick-guardian.ts PROGRAM`. */
import { guard } from '../../src/service/guardian.ts';
import { systemdOf } from '../../src/service/systemd.ts';

const [, , program = ''] = process.argv;
const patience = {
  look: 250,
  silentLooks: 10,
  loadingLooks: 400,
  pause: 20,
  longestPause: 500,
  wellAfter: 60_000,
  stop: 20_000,
};
process.exit(await guard(program, patience, systemdOf(process.env)));
