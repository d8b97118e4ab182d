import { statSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Row as FactRow } from '../../packages/ledger/src/engine/duck.ts';

/** The same facts in SQLite: texts interned in one table, an index on the owner, one on principal and time. */
export class SqliteFacts {
  readonly #path: string;
  readonly #database: DatabaseSync;
  #rows = 0;

  constructor(directory: string) {
    this.#path = join(directory, 'facts.sqlite');
    rmSync(this.#path, { force: true });
    this.#database = new DatabaseSync(this.#path);
    this.#database.exec(`pragma journal_mode = off; pragma synchronous = off;
      create table shapes (id integer primary key, resource text, operation text, seen text, exposed text, withheld text);
      create table facts (us integer, request integer, principal integer, owner integer, shape integer)`);
  }

  add(rows: readonly FactRow[]): void {
    const insert = this.#database.prepare('insert into facts values (?, ?, ?, ?, ?)');
    const addShape = this.#database.prepare('insert into shapes values (?, ?, ?, ?, ?, ?)');
    const shapes = new Map<string, number>();
    this.#database.exec('begin');
    for (const { us, request, principal, owner, ...texts } of rows) {
      const cells = ['resource', 'operation', 'seen', 'exposed', 'withheld'].map((name) => String(texts[name]));
      const key = cells.join('\n');
      let shape = shapes.get(key);
      if (shape === undefined) {
        shapes.set(key, (shape = shapes.size));
        addShape.run(shape, ...cells);
      }
      insert.run(us as bigint, request as bigint, principal as bigint, owner as bigint, shape);
    }
    this.#database.exec(
      'commit; create index by_owner on facts (owner); create index by_principal on facts (principal, us)',
    );
    this.#rows = rows.length;
  }

  get bytesPerFact(): number {
    return statSync(this.#path).size / this.#rows;
  }

  distinctOwners(principal: bigint, field: string): number {
    const sql = `select count(distinct owner) as n from facts join shapes on shape = id
      where principal = ? and ',' || seen || ',' like ?`;
    return Number(this.#database.prepare(sql).get(principal, `%,${field},%`)?.['n']);
  }

  historyOf(owner: bigint): number {
    const sql =
      'select count(*) as n from (select distinct facts.*, seen from facts join shapes on shape = id where owner = ?)';
    return Number(this.#database.prepare(sql).get(owner)?.['n']);
  }

  topPrincipals(): number {
    return this.#database
      .prepare(
        'select count(*) as c, n from (select count(distinct owner) as n from facts group by principal order by n desc limit 20) group by n',
      )
      .all().length;
  }

  close(): void {
    this.#database.close();
    rmSync(this.#path, { force: true });
  }
}
