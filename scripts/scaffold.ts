import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

interface Kind {
  /** The package directory that the template imports from. */
  readonly source: string;
  /** The folder of all objects of the kind, below `source`, with the registry `index.ts`. */
  readonly folder: string;
  /** The file of the object in its folder. */
  readonly module: string;
}

/** What can be created. Its template is the folder `scripts/templates/KIND`. */
export const KINDS: Readonly<Record<string, Kind>> = {
  check: { source: 'packages/scan/src', folder: 'checks', module: 'check.ts' },
  reader: { source: 'packages/sources/src', folder: 'readers', module: 'reader.ts' },
};

/** The mark of a place in a template that its author must write. */
export const FILL_IN = 'FILL IN';

export interface Scaffolded {
  /** Relative to the repository. */
  readonly files: readonly string[];
  /** `file:line: what to write`. */
  readonly toFillIn: readonly string[];
}

/** Creates the folder of a new check or reader from its template, and registers it. Throws an `Error` with a message for people. */
export function scaffold(kindName: string, name: string, root: string): Scaffolded {
  const kind = Object.hasOwn(KINDS, kindName) ? KINDS[kindName] : undefined;
  if (!kind) throw new Error(`There is no kind "${kindName}". Kinds: ${Object.keys(KINDS).join(', ')}.`);
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name)) throw new Error(`"${name}" is not a kebab-case name.`);
  const folder = join(root, kind.source, kind.folder, name);
  if (existsSync(folder)) throw new Error(`${relative(root, folder)} already exists.`);
  const template = join(root, 'scripts/templates', kindName);
  const files = filesIn(template).map((file) => {
    const target = join(folder, relative(template, file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, fill(readFileSync(file, 'utf8'), { kindName, name, kind }));
    return target;
  });
  const registry = join(root, kind.source, kind.folder, 'index.ts');
  writeFileSync(registry, register(readFileSync(registry, 'utf8'), { name, module: kind.module }));
  execFileSync(join(root, 'node_modules/.bin/oxfmt'), [folder, registry], { cwd: root, stdio: 'ignore' });
  return {
    files: [...files, registry].map((file) => relative(root, file)),
    toFillIn: placesToFillIn(folder).map((place) => relative(root, place)),
  };
}

/** `file:line: text` of every place below a folder that its author must write. */
export function placesToFillIn(folder: string): string[] {
  return filesIn(folder).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const text = new RegExp(`${FILL_IN}.*`).exec(line)?.[0];
        return text === undefined ? [] : [`${file}:${index + 1}: ${text}`];
      }),
  );
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

interface Filling {
  readonly kindName: string;
  readonly name: string;
  readonly kind: Kind;
}

function fill(text: string, { kindName, name, kind }: Filling): string {
  const title = name.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase());
  return text
    .replaceAll(`'../../../${kind.source}/${kind.folder}/`, "'../")
    .replaceAll(`'../../../${kind.source}/`, "'../../")
    .replaceAll(`template-${kindName}`, name)
    .replaceAll(`template${capitalized(kindName)}`, camelCase(name))
    .replaceAll(`Template ${kindName}`, title);
}

/** Adds an import, in alphabetical order, and the last entry of the list. */
function register(text: string, { name, module }: { readonly name: string; readonly module: string }): string {
  const line = `import { ${camelCase(name)} } from './${name}/${module}';`;
  const lines = text.split('\n');
  const imports = lines.flatMap((each, index) => {
    const path = /from '\.\/([^']+)';$/.exec(each)?.[1];
    return path === undefined ? [] : [{ path, index }];
  });
  const next = imports.find(({ path }) => path > `${name}/${module}`);
  lines.splice(next?.index ?? (imports.at(-1)?.index ?? -1) + 1, 0, line);
  const end = lines.indexOf('];');
  if (end === -1) throw new Error('The registry has no list that ends with "];".');
  lines.splice(end, 0, `  ${camelCase(name)},`);
  return lines.join('\n');
}

const capitalized = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const camelCase = (name: string): string => name.replaceAll(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());
