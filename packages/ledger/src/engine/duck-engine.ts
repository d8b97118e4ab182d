import { join } from 'node:path';
import type { LogFrame, PassedOver } from '@leakproof/log';
import type { AccountFigures } from '../account/figures.ts';
import type { ColumnFile } from '../columns/manifest.ts';
import { readFiles } from '../columns/merge.ts';
import { columnList, EVENT_COLUMNS, FACT_COLUMNS } from '../columns/schema.ts';
import { type OpenRequests, Stage } from '../columns/stage.ts';
import { token64 } from '../columns/token64.ts';
import { accountQuery } from './account-query.ts';
import { Duck, type DuckOptions, literal } from './duck.ts';
import type { Answers, LedgerEngine, QueryName } from './ledger-engine.ts';
import { distinctOwners, ownerHistory, owners, topPrincipals } from './named-queries.ts';
import type { Question } from './question.ts';
import { createStagedTables } from './staged-tables.ts';

export interface DuckEngineOptions extends DuckOptions {
  readonly files: readonly ColumnFile[];
  readonly open: OpenRequests;
  readonly nowMs: number;
  /** Tokens of principals whose records are left out of every answer. */
  readonly without: readonly string[];
  /** What the caller could not read. */
  readonly problems: AccountFigures['problems'];
  readonly bound: AccountFigures['bound'];
}

/** Where a query reads: expressions for `from`. */
export interface Sources {
  readonly duck: Duck;
  /** The facts of the time that is asked for. For queries that read it, `ended` is final where an end is recorded. */
  readonly facts: string;
  /** The facts of all times. */
  readonly allFacts: string;
  readonly events: string;
  readonly problems: AccountFigures['problems'];
  readonly bound: AccountFigures['bound'];
}

const QUERIES: { readonly [Name in QueryName]: (from: Sources, question: Question) => Promise<Answers[Name]> } = {
  account: accountQuery,
  distinctOwners,
  topPrincipals,
  ownerHistory,
  owners,
};

/** Queries that read how responses ended: only they join the ends that were recorded late. */
const READS_ENDS: ReadonlySet<QueryName> = new Set(['account', 'ownerHistory']);

const FACTS = columnList(FACT_COLUMNS);
const EVENTS = columnList(EVENT_COLUMNS);
/** As many rows are copied to memory once instead of being read by each query of an account. */
const MAX_COPIED_ROWS = 1_000_000;
const UNENDED = columnList(FACT_COLUMNS.filter(([name]) => name !== 'ended'));

/** DuckDB over the Parquet files of the ledger and the frames that were put. */
export class DuckEngine implements LedgerEngine {
  readonly #duck: Duck;
  readonly #options: DuckEngineOptions;
  readonly #stage: Stage;
  #isStaged = false;

  private constructor(duck: Duck, options: DuckEngineOptions) {
    this.#duck = duck;
    this.#options = options;
    this.#stage = new Stage(options.open);
  }

  static async open(options: DuckEngineOptions): Promise<DuckEngine> {
    return new DuckEngine(await Duck.open(options), options);
  }

  async put(frame: LogFrame): Promise<void> {
    this.#stage.add(frame);
    this.#isStaged = false;
  }

  putPassedOver(passed: PassedOver): void {
    this.#stage.passOver(passed, this.#options.nowMs);
    this.#isStaged = false;
  }

  async ask<Name extends QueryName>(name: Name, question: Question): Promise<Answers[Name]> {
    if (!this.#isStaged) await this.#prepare();
    const sources: Sources = {
      duck: this.#duck,
      facts: await this.#factsFor(name, question),
      allFacts: `(${this.#rows(this.#filesOf('facts'))})`,
      events: 'all_events',
      problems: this.#options.problems,
      bound: this.#options.bound,
    };
    return QUERIES[name](sources, { ...question, without: [...(question.without ?? []), ...this.#options.without] });
  }

  /** Small tables that several queries read. */
  async #prepare(): Promise<void> {
    await createStagedTables(this.#duck, this.#stage);
    const { directory } = this.#options;
    const files = this.#filesOf('events');
    const rolled = files.length > 0 ? `union all select ${EVENTS} from ${readFiles(directory, files)}` : '';
    await this.#duck.run(`
      create or replace temp table all_events as select ${EVENTS} from staged_events ${rolled};
      create or replace temp table late as
        select node, request, any_value(code) as code from all_events where type = 'end' group by all`);
    this.#isStaged = true;
  }

  close(): void {
    this.#duck.close();
  }

  #filesOf(kind: ColumnFile['kind']): readonly ColumnFile[] {
    return this.#options.files.filter((file) => file.kind === kind);
  }

  async #factsFor(name: QueryName, question: Question): Promise<string> {
    const { sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY, owner } = question;
    const inTime = this.#filesOf('facts').filter(
      ({ fromUs, toUs }) => toUs >= sinceMs * 1000 && fromUs < untilMs * 1000,
    );
    if (owner !== undefined) {
      await this.#duck.run(`create or replace temp table owned as ${await this.#ownedRows(inTime, token64(owner))}`);
      return this.#resolved('select * from owned');
    }
    const rows = this.#rows(inTime);
    if (!READS_ENDS.has(name)) return `(${rows})`;
    const isSmall = inTime.reduce((sum, each) => sum + each.rows, this.#stage.rows.us.length) <= MAX_COPIED_ROWS;
    if (!isSmall) return this.#resolved(rows);
    await this.#duck.run(`create or replace temp table selected as select * from ${this.#resolved(rows)}`);
    return 'selected';
  }

  #rows(files: readonly ColumnFile[]): string {
    const read = files.length > 0 ? `union all select ${FACTS} from ${readFiles(this.#options.directory, files)}` : '';
    return `select ${FACTS} from staged_facts ${read}`;
  }

  /** Adds the ends that were recorded after their responses were rolled. Only rows without an end are joined: there are few. */
  #resolved(rows: string): string {
    return `(select ${FACTS} from (${rows}) where ended <> 'unfinished'
      union all select ${UNENDED}, coalesce(late.code, 'unfinished') as ended
      from (${rows}) unended left join late using (node, request) where unended.ended = 'unfinished')`;
  }

  /** The rows of one owner: by the index where a file has one, else by reading the column. */
  async #ownedRows(files: readonly ColumnFile[], owner: bigint): Promise<string> {
    const { directory } = this.#options;
    const indexes = new Map(this.#filesOf('owners').map((index) => [index.path.replace(/^owners/, 'facts'), index]));
    const indexed = files.filter(({ path }) => indexes.has(path));
    const parts = [`select ${FACTS} from staged_facts where owner = ${owner}`];
    const others = files.filter(({ path }) => !indexes.has(path));
    if (others.length > 0) parts.push(`select ${FACTS} from ${readFiles(directory, others)} where owner = ${owner}`);
    if (indexed.length > 0) {
      const paths = indexed.map(({ path }) => literal(join(directory, path.replace(/^facts/, 'owners'))));
      const found = await this.#duck.rows(`select filename, list("row" order by "row") as numbers
        from read_parquet([${paths.join(', ')}], filename = true, hive_partitioning = false) where owner = ${owner} group by all`);
      for (const { filename, numbers } of found) {
        const path = String(filename).replace(join(directory, 'owners'), join(directory, 'facts'));
        const list = String(numbers).replace(/[[\]]/g, '');
        parts.push(`select ${FACTS} from read_parquet(${literal(path)}, file_row_number = true, hive_partitioning = false)
          where file_row_number in (${list})`);
      }
    }
    return parts.join('\nunion all ');
  }
}
