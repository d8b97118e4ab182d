import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, isForTests, reachedFrom, sourcesIn } from './support/imports.ts';

// A new edge is a design decision, made in these tables (ARCHITECTURE.md).

const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  core: [],
  cut: ['core'],
  html: [],
  http: ['core'],
  tokens: ['core'],
  log: ['core'],
  sources: ['core', 'http'],
  map: ['core', 'sources'],
  scan: ['core', 'html', 'http', 'sources', 'map'],
  guard: ['core', 'cut', 'http', 'log'],
  ledger: ['core', 'html', 'log', 'sources', 'tokens'],
  store: ['core'],
  alert: ['core'],
  desk: ['core', 'html', 'sources', 'scan', 'ledger', 'store', 'alert'],
  cli: ['core', 'tokens', 'sources', 'log', 'map', 'scan', 'guard', 'ledger', 'lab', 'desk'],
  lab: [],
};

/** Folders inside a package, from the bottom: a folder may use itself and what stands before it. */
const INNER_FLOORS: Readonly<Record<string, readonly string[]>> = {
  core: ['', 'wire', 'contract', 'rules', 'records', 'response', 'graphql', 'request', 'yaml', 'openapi', 'authoring'],
  guard: ['', 'headers', 'budget', 'lookup', 'engine', 'identity', 'adapters'],
};

/** Folders of the guard that do no I/O; its other folders stand above them. */
const PURE_IN_GUARD = ['src/limits.ts', 'src/headers', 'src/budget', 'src/lookup', 'src/engine'] as const;

/** What each package may bring from outside; `node:` where it may use Node. */
const FROM_OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  core: ['@marcbachmann/cel-js', 'graphql', 're2js', 'yaml', 'zod'],
  cut: [],
  html: [],
  http: ['node:'],
  tokens: ['node:'],
  sources: ['node:', 'graphql', 'saxes'],
  log: ['node:'],
  map: ['yaml'],
  scan: ['node:', 'graphql', 'sarif', 'undici', 'yaml', 'zod'],
  guard: ['node:', 'jose', 'undici'],
  ledger: ['node:', '@duckdb/node-api'],
  store: ['node:', 'kysely', 'pg'],
  alert: ['node:', 'nodemailer'],
  desk: ['node:', '@fastify/busboy', 'ae-cvss-calculator', 'fastify', 'postal-mime', 'yaml', 'zod'],
  cli: ['node:', 'commander', 'yaml', 'zod'],
  lab: ['node:', 'graphql', 'jose'],
};

const root = resolve(import.meta.dirname, '..');
const rooms = readdirSync(join(root, 'packages')).filter((name) =>
  existsSync(join(root, 'packages', name, 'src/index.ts')),
);
const sourceOf = (room: string): string => join(root, 'packages', room, 'src');
const edges = rooms.flatMap((room) =>
  sourcesIn(sourceOf(room))
    .flatMap(importsOf)
    .map((each) => ({ room, ...each })),
);
const short = (file: string): string => relative(root, file);

function roomOf(specifier: string): string | undefined {
  return /^@leakproof\/([^/]+)/.exec(specifier)?.[1];
}

/** The file behind the door of a room. */
function doorOf(specifier: string): string | undefined {
  const room = roomOf(specifier);
  if (room === undefined) return undefined;
  return join(sourceOf(room), specifier.slice(`@leakproof/${room}`.length + 1), 'index.ts');
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

test('this test looks at something', () => {
  expect(rooms.toSorted()).toEqual(Object.keys(MAY_USE).toSorted());
  expect(edges.length).toBeGreaterThan(500);
  for (const room of rooms) expect(sourcesIn(sourceOf(room)).length).toBeGreaterThan(2);
  expect(edges.filter(({ specifier }) => roomOf(specifier)).length).toBeGreaterThan(50);
  expect(edges.filter(({ kind }) => kind === 'lazy').length).toBeGreaterThan(3);
});

test('the tables hold no room above another that is above it', () => {
  const above = (room: string, seen: readonly string[] = []): void => {
    expect(seen).not.toContain(room);
    for (const each of MAY_USE[room] ?? []) above(each, [...seen, room]);
  };
  for (const room of rooms) above(room);
});

describe.each(rooms)('%s', (room) => {
  const own = edges.filter((each) => each.room === room);

  test('uses only the rooms below it', () => {
    const wrong = own.filter(
      ({ specifier }) => roomOf(specifier) !== undefined && !MAY_USE[room]?.includes(roomOf(specifier) ?? ''),
    );
    expect(wrong.map(({ file, specifier }) => `${short(file)} uses ${specifier}`)).toEqual([]);
  });

  test('enters other rooms by their doors', () => {
    for (const { specifier, file } of own) {
      const door = doorOf(specifier);
      if (door !== undefined) expect([short(file), existsSync(door)]).toEqual([short(file), true]);
      if (specifier.startsWith('.')) {
        const target = resolve(dirname(file), specifier);
        expect([short(target), target.startsWith(sourceOf(room))]).toEqual([short(target), true]);
        expect([short(file), specifier.endsWith('.ts')]).toEqual([short(file), true]);
      }
    }
  });

  test('brings in only what it may from outside, and declares it', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', room, 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string> | undefined
    >;
    const types = Object.keys(manifest['devDependencies'] ?? {}).flatMap(
      (name) => /^@types\/(.+)$/.exec(name)?.[1] ?? [],
    );
    const declared = [...Object.keys({ ...manifest['dependencies'], ...manifest['peerDependencies'] }), ...types];
    const used = new Set(
      own.filter(({ specifier }) => !specifier.startsWith('.')).map(({ specifier }) => packageOf(specifier)),
    );
    const outside = [...used].filter((name) => !name.startsWith('@leakproof/'));
    expect(FROM_OUTSIDE[room]).toEqual(expect.arrayContaining(outside));
    expect(declared).toEqual(expect.arrayContaining([...used].filter((name) => name !== 'node:')));
  });

  test('has one door with named exports, and nothing for tests behind it', () => {
    const doors = readdirSync(sourceOf(room), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('index.ts'),
    );
    expect(doors).toContain('index.ts');
    for (const door of doors) expect(readFileSync(join(sourceOf(room), door), 'utf8')).not.toMatch(/^export \*/m);
    const wrong = own.filter(({ specifier }) => specifier.startsWith('.') && isForTests(specifier));
    expect(wrong.map(({ file, specifier }) => `${short(file)} uses ${specifier}`)).toEqual([]);
  });
});

describe.each(Object.entries(INNER_FLOORS))('inside %s', (room, floors) => {
  const own = edges.filter((each) => each.room === room);
  const floorOf = (file: string): string => {
    const [first = '', ...rest] = relative(sourceOf(room), file).split('/');
    return rest.length === 0 ? '' : first;
  };

  test('folders use only what stands below them', () => {
    const inner = own.filter(({ file, specifier }) => specifier.startsWith('.') && !file.endsWith('/src/index.ts'));
    expect(inner.length).toBeGreaterThan(80);
    for (const { file, specifier } of inner) {
      const from = floors.indexOf(floorOf(file));
      const to = floors.indexOf(floorOf(resolve(dirname(file), specifier)));
      expect([short(file), specifier, from >= 0 && to >= 0 && to <= from]).toEqual([short(file), specifier, true]);
    }
    const met = inner.flatMap(({ file, specifier }) => [floorOf(file), floorOf(resolve(dirname(file), specifier))]);
    expect(new Set(met)).toEqual(new Set(floors));
  });
});

describe.each(['core', 'cut'])('%s', (room) => {
  test('does no I/O: it can name nothing of a runtime', () => {
    expect(edges.filter((each) => each.room === room && each.specifier.startsWith('node:'))).toEqual([]);
    const config = JSON.parse(readFileSync(join(root, 'packages', room, 'tsconfig.json'), 'utf8')) as {
      compilerOptions: Record<string, unknown>;
    };
    expect(config.compilerOptions).toMatchObject({ lib: ['es2023'], types: [] });
  });
});

describe('the pure part of the guard', () => {
  const files = PURE_IN_GUARD.flatMap((path) => {
    const full = join(root, 'packages/guard', path);
    return path.endsWith('.ts') ? [full] : sourcesIn(full);
  });

  test('is compiled without the types of a runtime, every folder of it', () => {
    const config = JSON.parse(readFileSync(join(root, 'packages/guard/tsconfig.pure.json'), 'utf8')) as {
      include: readonly string[];
      compilerOptions: Record<string, unknown>;
    };
    expect(config.compilerOptions).toMatchObject({ lib: ['es2023'], types: [], noEmit: true });
    expect(config.include).toEqual([...PURE_IN_GUARD, 'globals.d.ts']);
    expect(readFileSync(join(root, 'package.json'), 'utf8')).toContain('tsc -p packages/guard/tsconfig.pure.json');
  });

  test('imports nothing of Node, and no folder above it', () => {
    const imports = files.flatMap(importsOf);
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(80);
    const wrong = imports.filter(
      ({ specifier }) => specifier.startsWith('node:') || /^\.\.\/(?:adapters|identity)\//.test(specifier),
    );
    expect(wrong.map(({ file, specifier }) => `${short(file)} uses ${specifier}`)).toEqual([]);
  });
});

describe('core', () => {
  test('brings YAML in by its doors for authors and descriptions, and schemas by that for authors only', () => {
    const main = reachedFrom(join(sourceOf('core'), 'index.ts'), doorOf);
    const authoring = reachedFrom(join(sourceOf('core'), 'authoring/index.ts'), doorOf);
    expect([...main.keys()].toSorted()).toEqual(['@marcbachmann/cel-js', 'graphql', 're2js']);
    const openapi = reachedFrom(join(sourceOf('core'), 'openapi/index.ts'), doorOf);
    expect([...openapi.keys()]).toEqual(['yaml']);
    expect([...authoring.keys()]).toEqual(expect.arrayContaining(['yaml', 'zod']));
  });
});

describe('what is installed with a room stays small:', () => {
  test.each(['guard', 'log', 'ledger'])('%s runs without YAML, zod, DuckDB or React', (room) => {
    const reached = reachedFrom(join(sourceOf(room), 'index.ts'), doorOf);
    expect([...reached.keys()].length).toBeGreaterThan(1);
    for (const name of ['yaml', 'zod', 'react', '@duckdb/node-api'])
      expect([name, reached.get(name)]).toEqual([name, undefined]);
  });

  test('the command loads a room when it is used, and not before', () => {
    const reached = reachedFrom(join(sourceOf('cli'), 'main.ts'), doorOf);
    expect([...reached.keys()].filter((each) => /^@leakproof\/(?!core$)/.test(each))).toEqual([]);
  });
});
