/** A process that upgrades a database, to be killed: `node migrating.ts URL FOLDER`. */
import { migrateDatabase } from '../../src/db/migrate.ts';

const [, , url = '', folder = ''] = process.argv;
process.stdout.write('begun\n');
process.stdout.write(`applied ${await migrateDatabase(url, { folder })}\n`);
