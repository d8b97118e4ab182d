import { backup, openStore, restore } from '@leakproof/store';

/** Writes every row of a database to a new file; returns how many. Throws LP-STORE-*. */
export function backupDesk(database: string, file: string): Promise<number> {
  return withStore(database, (store) => backup(store, file));
}

/** Reads a backup into an empty database; returns how many rows. Throws LP-BACKUP-INVALID, LP-STORE-*. */
export function restoreDesk(database: string, file: string): Promise<number> {
  return withStore(database, (store) => restore(store, file));
}

async function withStore<T>(
  database: string,
  run: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>,
): Promise<T> {
  const store = await openStore(database);
  try {
    return await run(store);
  } finally {
    await store.close();
  }
}
