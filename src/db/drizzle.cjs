/**
 * drizzle-orm, in its CommonJS form: as ES modules its 400 files take a second and a half to load, each time (Node
 * reads its package.json of 180 kB again for each of them), and an operator who types a command, or starts the service
 * again after a power cut, waits for it. Everything that needs drizzle imports it from here.
 */
module.exports = {
  ...require('drizzle-orm'),
  ...require('drizzle-orm/pg-core'),
  ...require('drizzle-orm/postgres-js'),
  ...require('drizzle-orm/migrator'),
  ...require('drizzle-orm/postgres-js/migrator'),
};
