/** What `--help` prints. */
export const HELP = `eventcore-postgres migrate [options]
eventcore-postgres status [options]

migrate brings a database to the version that this release of @eventcore/postgres needs, and sets up again what it rests
on and somebody has weakened, in one transaction. Any number of processes may do so at once: one does the work, the
others wait and find nothing to do. status tells how the database stands, and changes nothing.

  --database-url <url>  postgres://user:password@host:5432/database; the environment variable DATABASE_URL, unless given.
                        Prefer the variable for one with a password: others on the machine see command lines
  --schema <name>       the schema that holds the store; eventcore, unless given
  --grant-to <role>     a role that applications run under, which is granted what a store needs; may be repeated
  --dry-run             changes nothing, and prints the SQL
  -h, --help            prints this

It ends with 0 when the database is as it should be, with 1 when it isn't or something has failed, and with 2 when it was
not told what to do. It can always be run again. --grant-to and --dry-run are for migrate.`;
