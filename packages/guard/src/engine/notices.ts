import { ERROR_CODES, type ErrorCode } from '@leakproof/core';

/** Something that the operator should know, said once. */
export interface Notice {
  readonly about: 'refused' | 'header-dropped' | 'header-refused' | 'host';
  readonly text: string;
}

/** Most names of each kind that are remembered and shown. */
const MAX_NAMES = 64;
/**
 * Names that are shown: lower-case words with dashes, as header names are, with no more digits than a version has. Anything else
 * could be a value, such as an address or an id, in the place of a name.
 */
const HEADER_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const HOST = /^[a-z0-9.-]+(?::[0-9]{1,5})?$/;

/** Says once for each error code, header name and host what happens to requests. Memory and output are bounded. */
export class Notices {
  readonly #say: (notice: Notice) => void;
  readonly #said = new Map<Notice['about'], Set<string>>();

  constructor(say: (notice: Notice) => void = () => undefined) {
    this.#say = say;
  }

  /** The first refusal of each code, with its remedy. */
  refused(code: ErrorCode): void {
    if (!this.#isNew('refused', code)) return;
    const { summary, fix } = ERROR_CODES[code];
    this.#say({ about: 'refused', text: `${code}: ${summary} ${fix}` });
  }

  /** `isMonitored`: the header was passed, and would not be in `enforce`. */
  droppedHeader(name: string, isMonitored = false): void {
    if (!this.#isNew('header-dropped', name)) return;
    const what = isMonitored ? 'would not be sent to the origin in enforce' : 'is not sent to the origin';
    const text = `The request header ${shown(name)} ${what}. If the API needs it, add it to \`headers\` in the contract.`;
    this.#say({ about: 'header-dropped', text });
  }

  /** A header for which a request is, or would be, refused. */
  refusedHeader(name: string, isMonitored = false): void {
    if (!this.#isNew('header-refused', name)) return;
    const what = isMonitored ? 'would be refused in enforce' : 'are refused';
    this.#say({ about: 'header-refused', text: `Requests with the header ${shown(name)} ${what}.` });
  }

  unknownHost(host: string): void {
    const name = HOST.test(host) && host.length <= 100 ? host : '';
    if (!this.#isNew('host', name)) return;
    const named = name === '' ? 'A Host that is not valid' : `Host ${name}`;
    this.#say({ about: 'host', text: `${named} is no server of the contract.` });
  }

  #isNew(about: Notice['about'], name: string): boolean {
    let names = this.#said.get(about);
    if (!names) this.#said.set(about, (names = new Set()));
    if (names.has(name) || names.size >= MAX_NAMES) return false;
    names.add(name);
    return true;
  }
}

function shown(name: string): string {
  const digits = name.replaceAll(/[^0-9]/g, '').length;
  return HEADER_NAME.test(name) && name.length <= 48 && digits <= 3 ? name : 'with a name that is not shown';
}
