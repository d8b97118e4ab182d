import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ApiKeyIdentity, type CompiledContract, isLeakproofError, type KnownApiKey } from '@leakproof/core';

/** How long a key that was removed from its file may still be accepted, besides the time of reading the file. */
const REREAD_MS = 15_000;

interface KeyFiles {
  /** The same array until the file of these keys has changed. */
  readonly keysOf: (by: ApiKeyIdentity) => readonly KnownApiKey[];
  /** Reads the files now. Never rejects. */
  reread(): Promise<void>;
  close(): void;
}

/**
 * The API keys that a contract names in files, read again while a guard runs, so that a removed key is refused soon. A file that
 * cannot be read, or is no list of keys, changes nothing: `say` gets the reason once.
 */
export function followKeyFiles(
  contract: CompiledContract,
  contractPath: string,
  say: (text: string) => void,
): KeyFiles {
  const files = contract.principals.flatMap(({ by }) =>
    by.how === 'api-key' && by.file !== undefined
      ? [new KeyFile(by, by.file, resolve(dirname(contractPath), by.file))]
      : [],
  );
  const reread = async (): Promise<void> => {
    for (const file of files) await file.reread(say);
  };
  const timer = files.length > 0 ? setInterval(() => void reread(), REREAD_MS).unref() : undefined;
  return {
    keysOf: (by) => files.find((file) => file.of === by)?.keys ?? by.keys,
    reread,
    close: () => clearInterval(timer),
  };
}

class KeyFile {
  readonly of: ApiKeyIdentity;
  readonly #name: string;
  readonly #path: string;
  #text: string | undefined;
  #isBroken = false;
  keys: readonly KnownApiKey[];

  constructor(of: ApiKeyIdentity, name: string, path: string) {
    this.of = of;
    this.keys = of.keys;
    this.#name = name;
    this.#path = path;
  }

  async reread(say: (text: string) => void): Promise<void> {
    const found = await this.#read();
    if (typeof found === 'string') {
      if (!this.#isBroken) say(`${this.#name}: ${found} The keys of before remain valid until the file can be read.`);
      this.#isBroken = true;
      return;
    }
    if (this.#isBroken) say(`${this.#name} can be read again.`);
    this.#isBroken = false;
    if (sameKeys(found, this.keys)) return;
    this.keys = found;
    say(`${this.#name} has changed: ${found.length} API ${found.length === 1 ? 'key is' : 'keys are'} known.`);
  }

  async #read(): Promise<readonly KnownApiKey[] | string> {
    try {
      const text = await readFile(this.#path, 'utf8');
      if (text === this.#text) return this.keys;
      const { readApiKeys } = await import('@leakproof/core/authoring');
      const keys = readApiKeys(this.#name, text);
      if (typeof keys !== 'string') this.#text = text;
      return keys;
    } catch (error) {
      return isLeakproofError(error) ? 'The file is no valid YAML.' : 'The file cannot be read.';
    }
  }
}

function sameKeys(a: readonly KnownApiKey[], b: readonly KnownApiKey[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
