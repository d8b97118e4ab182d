export { escapeXml } from './escape-xml.ts';
export { type Html, html, type Part } from './html.ts';
