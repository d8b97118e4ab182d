import { escapeXml, type Html, html } from '@leakproof/html';

/** A whole page, that needs nothing else: no script, no font, no image, no other address. */
export function htmlPage(title: string, body: readonly Html[]): string {
  const { text: content } = html`${body}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>${escapeXml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1b1f24; --dim: #59636e; --line: #d1d9e0; --page: #fff; --soft: #f6f8fa;
  --bad: #b3261e; --bad-soft: #fdecea; --warn: #7a4d00; --warn-soft: #fff4d6; --good: #1a6b34; --good-soft: #e5f5ea; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9aa4af; --line: #3d444d; --page: #0d1117; --soft: #151b23;
  --bad: #ff8a80; --bad-soft: #3a1512; --warn: #f2c14e; --warn-soft: #33270a; --good: #7ee2a0; --good-soft: #10301c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; overflow-wrap: anywhere; }
p { margin: .25rem 0; max-width: 48rem; }
.dim { color: var(--dim); }
code { font: .875em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
article { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; padding: 1rem 1.25rem; margin: 0 0 1rem; }
.tag { display: inline-block; border-radius: 4px; padding: 0 .45rem; font-size: .875rem; font-weight: 600; }
.bad { color: var(--bad); background: var(--bad-soft); } .warn { color: var(--warn); background: var(--warn-soft); }
.good { color: var(--good); background: var(--good-soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9375rem; }
th, td { text-align: left; padding: .35rem .75rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--dim); font-weight: 600; border-bottom-width: 2px; } tbody th { font-weight: 400; }
ul { padding-left: 1.25rem; margin: .25rem 0; } li { overflow-wrap: anywhere; }
@media print { article { break-inside: avoid; } }
`;
