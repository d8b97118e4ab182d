import { SaxesParser } from 'saxes';

/** A child of an element: its text (with CDATA and character references decoded) and its attributes. */
export interface XmlChild {
  readonly name: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * All descendants of the element in `xml`, in document order; undefined if it is not well-formed. Only the five predefined entities of
 * XML are expanded.
 */
export function readElement(xml: string): XmlChild[] | undefined {
  const parser = new SaxesParser();
  const children: { name: string; text: string; attributes: Record<string, string> }[] = [];
  const open: { name: string; text: string; attributes: Record<string, string> }[] = [];
  let failed = false;
  parser.on('error', () => {
    failed = true;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const child = { name, text: '', attributes: { ...attributes } };
    if (open.length > 0) children.push(child);
    open.push(child);
  });
  const add = (text: string): void => {
    const child = open.at(-1);
    if (child !== undefined) child.text += text;
  };
  parser.on('text', add);
  parser.on('cdata', add);
  parser.on('closetag', () => open.pop());
  try {
    parser.write(xml).close();
  } catch {
    return undefined;
  }
  return failed ? undefined : children;
}

/** The first child of that name. */
export function childOf(children: readonly XmlChild[], name: string): XmlChild | undefined {
  return children.find((child) => child.name === name);
}
