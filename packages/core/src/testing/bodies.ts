import type { CompiledContract, Resource } from '../contract/compiled.ts';
import type { ObjectShape, Shape } from '../contract/shape.ts';
import { own } from '../own.ts';
import { IDS } from './contracts.ts';
import type { Draw } from './draw.ts';
import { anyText, arrayText, objectText, plainText, stringText } from './json-text.ts';

/** How deep bodies go; beyond it a place holds null or an empty list. */
const MAX_DEPTH = 5;

/**
 * The text of a body that has the given shape, more or less: about one place in twenty holds something else, members are
 * left out or added, owners are missing, null, numbers, or no id at all. Keys never stand twice.
 */
export function drawBody(draw: Draw, contract: CompiledContract, shape: Shape, depth = 0): string {
  if (draw.oneIn(20)) return anyText(draw);
  const deeper = (of: Shape): string => (depth >= MAX_DEPTH ? 'null' : drawBody(draw, contract, of, depth + 1));
  switch (shape.type) {
    case 'plain':
      return plainText(draw);
    case 'any':
      return anyText(draw);
    case 'nothing':
      return 'null';
    case 'ref':
      return draw.oneIn(4) ? arrayText(draw, [idText(draw), idText(draw)]) : idText(draw);
    case 'list':
      return arrayText(
        draw,
        Array.from({ length: depth >= MAX_DEPTH ? 0 : draw.upTo(3) }, () => deeper(shape.of)),
      );
    case 'map':
      return objectText(
        draw,
        draw
          .someOf([...IDS, '__proto__', 'nobody'])
          .map((key) => [key, draw.oneIn(8) ? 'null' : deeper(shape.of)] as const),
      );
    case 'choice': {
      const [name, chosen] = draw.oneOf(Object.entries(shape.cases) as [[string, Shape]]);
      if (chosen.type !== 'object') return deeper(chosen);
      const by = draw.oneIn(8) ? plainText(draw) : stringText(draw, name);
      return objectBody(draw, contract, chosen, { depth, by: [shape.by, by] });
    }
    case 'object':
      return objectBody(draw, contract, shape, { depth });
  }
}

interface Around {
  readonly depth: number;
  /** The member that tells which case of a choice it is. */
  readonly by?: readonly [key: string, text: string];
}

function objectBody(draw: Draw, contract: CompiledContract, shape: ObjectShape, { depth, by }: Around): string {
  if (depth >= MAX_DEPTH) return 'null';
  const resource = own(contract.resources, shape.resource);
  const members = new Map<string, string>(by ? [by] : []);
  const add = (key: string, text: () => string): void => {
    if (!members.has(key) && !draw.oneIn(12)) members.set(key, text());
  };
  if (shape.keys) {
    for (const [key, { field, shape: below }] of Object.entries(shape.keys))
      add(key, () => valueText(draw, contract, field, { resource, shape: below, depth }));
  } else {
    for (const field of [...(resource ? Object.keys(resource.fields) : []), ...evidenceFields(resource)])
      add(field, () => valueText(draw, contract, field, { resource, shape: undefined, depth }));
  }
  if (draw.oneIn(8)) add(draw.oneOf(['Weight', 'undeclared', 'toString']), () => anyText(draw));
  const entries = [...members];
  return objectText(draw, draw.oneIn(4) ? entries.reverse() : entries);
}

interface At {
  readonly resource: Resource | undefined;
  readonly shape: Shape | undefined;
  readonly depth: number;
}

function valueText(draw: Draw, contract: CompiledContract, field: string, { resource, shape, depth }: At): string {
  if (field === 'shared')
    return arrayText(
      draw,
      Array.from({ length: draw.upTo(2) }, () => idText(draw)),
    );
  if (field === 'meta')
    return objectText(draw, [
      ['person_id', idText(draw)],
      ['kind', stringText(draw, draw.oneOf(['open', 'shut']))],
    ]);
  if (field === 'id' || field.endsWith('_id')) return idText(draw);
  if (field === 'is_private' || field === 'friend') return draw.oneOf(['true', 'false', 'null', '"true"']);
  if (field === 'weight' && resource?.aggregate) return draw.oneOf(['19', '20', '20.5', '"20"', '1e3']);
  if (field === 'kind' || field === '__typename') return stringText(draw, draw.oneOf(['a', 'b', 'other']));
  const at = shape ?? (resource && own(resource.fields, field)?.shape);
  return at ? drawBody(draw, contract, at, depth + 1) : plainText(draw);
}

/** Fields that stand in a body because an owner is read from them, declared or not. */
function evidenceFields(resource: Resource | undefined): string[] {
  const owners = typeof resource?.owner === 'object' ? resource.owner : [];
  return owners.flatMap((each) => each.path[0] ?? []);
}

/** An id as a string or a number; now and then something that is none. */
function idText(draw: Draw): string {
  const id = draw.oneOf(IDS);
  if (draw.oneIn(10)) return draw.oneOf(['null', '""', '7.0', '1e3', '[]', '["7"]', '{"id":"7"}', 'true', '-0']);
  return /^[0-9]+$/.test(id) && draw.oneIn(2) ? id : stringText(draw, id);
}
