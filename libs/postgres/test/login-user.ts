import { createDatabase, type OwnDatabase } from '@action-mesh/devstack';
import { newId } from '@action-mesh/kernel';
import pg from 'pg';

/** A database, and a login user that is no superuser and may create schemas in it. */
export interface OwnLogin extends AsyncDisposable {
  readonly name: string;
  /** The database as the login user reaches it. */
  readonly url: string;
  readonly database: OwnDatabase;
  /** A session of the superuser in the database. */
  readonly admin: pg.Client;
}

/** Creates a login user with these attributes, and a database for it. */
export async function createLogin(attributes = ''): Promise<OwnLogin> {
  const database = await createDatabase(process.env['DATABASE_URL'] ?? '', 'login_test');
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  const name = `login_${newId().replaceAll('-', '')}`;
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'test' ${attributes}`);
  await admin.query(`GRANT CREATE ON DATABASE ${database.name} TO ${name}`);
  const url = new URL(database.url);
  url.username = name;
  url.password = 'test';
  return {
    name,
    url: url.href,
    database,
    admin,
    async [Symbol.asyncDispose]() {
      await admin.query(`DROP OWNED BY ${name} CASCADE`);
      await admin.query(`DROP ROLE ${name}`);
      await admin.end();
      await database.drop();
    },
  };
}
