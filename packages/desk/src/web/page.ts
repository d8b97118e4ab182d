import { html, type Html } from '@leakproof/html';

/** A whole page. No script runs on it: forms and links are all it has. */
export function page(title: string, body: Html, options: { readonly nav?: Html; readonly name: string }): string {
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} – ${options.name}</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <strong>${options.name}</strong>
          ${options.nav && html`<nav aria-label="Main">${options.nav}</nav>`}
        </header>
        <main id="main">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
  return text;
}

export const STYLE = `
:root { color-scheme: light dark; --line: #767676; --soft: light-dark(#f3f3f3, #2a2a2a); --accent: light-dark(#0b4f9e, #9cc7ff); --late: light-dark(#a10000, #ff9a9a); }
* { box-sizing: border-box; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: light-dark(#1a1a1a, #f0f0f0); background: light-dark(#ffffff, #161616); }
a { color: var(--accent); }
a:focus-visible, button:focus-visible, input:focus-visible, textarea:focus-visible, select:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
header { display: flex; gap: 1rem; flex-wrap: wrap; border-bottom: 1px solid var(--line); padding-bottom: .5rem; }
nav a { margin-right: 1rem; }
label { display: block; margin-top: 1rem; font-weight: 600; }
.check { display: flex; gap: .5rem; align-items: baseline; } .check label { margin: 0; font-weight: 400; }
input[type=text], input[type=email], input[type=number], input[type=datetime-local], input[type=password], textarea, select { width: 100%; padding: .5rem; font: inherit; border: 1px solid var(--line); border-radius: .25rem; background: transparent; color: inherit; }
option { color: #1a1a1a; background: #ffffff; }
textarea { min-height: 10rem; }
button { margin-top: 1rem; padding: .6rem 1.2rem; font: inherit; border: 0; border-radius: .25rem; background: #0b4f9e; color: #ffffff; }
.hint { margin: .25rem 0; color: light-dark(#555555, #bbbbbb); font-weight: 400; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0; }
.entry { border-left: 4px solid var(--line); padding: .25rem 1rem; margin: 1rem 0; background: var(--soft); }
.entry.you { border-color: var(--accent); }
.key { font: 1.2rem/1.5 ui-monospace, monospace; padding: .5rem; background: var(--soft); overflow-wrap: anywhere; }
.turn { font-weight: 600; } .late { color: var(--late); font-weight: 600; }
.error { border: 2px solid var(--late); padding: .5rem 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .35rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top; }
fieldset { border: 1px solid var(--line); border-radius: .25rem; margin-top: 1rem; } summary { cursor: pointer; margin-top: 1rem; }
`;
