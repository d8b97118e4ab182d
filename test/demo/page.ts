import type { Act } from './act.ts';
import { FIELDS, type LadderPanel, type Outcome } from './ladder.ts';

export interface FieldCount {
  readonly field: string;
  readonly people: number;
}

export interface Story {
  readonly acts: readonly Act[];
  readonly ladders: readonly LadderPanel[];
  /** Number of people of whom the scraper received a field: as found, and behind the guard. */
  readonly before: readonly FieldCount[];
  readonly after: readonly FieldCount[];
  readonly seconds: number;
}

const OUTCOMES: Readonly<Record<Outcome, { readonly mark: string; readonly label: string }>> = {
  leaks: { mark: '✗', label: 'received, forbidden' },
  allowed: { mark: '✓', label: 'received, allowed' },
  withheld: { mark: '–', label: 'not received, forbidden' },
  lost: { mark: '!', label: 'not received, allowed' },
  unknown: { mark: '?', label: 'unknown' },
};

const STYLE = `
:root { color-scheme: light dark; --ink: #16202b; --soft: #5b6875; --line: #d8dee4; --paper: #fbfcfd; --card: #fff; --leak: #b3261e; --leak-bg: #fde7e5; --good: #146c43; --good-bg: #e2f4ea; --warn: #8a5a00; --warn-bg: #fff0d1; --bar: #b3261e; --bar2: #146c43; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf0; --soft: #9aa7b4; --line: #2b3642; --paper: #0f151b; --card: #161e26; --leak: #ff9b93; --leak-bg: #4a1d1a; --good: #7fd8a8; --good-bg: #153726; --warn: #ffd079; --warn-bg: #46350f; --bar: #e0564c; --bar2: #37a36d; } }
* { box-sizing: border-box; } body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 80rem; margin: 0 auto; padding: 3rem 1.25rem 4rem; } h1 { font-size: 2.1rem; line-height: 1.15; margin: 0 0 .5rem; letter-spacing: -.01em; } .lead { color: var(--soft); max-width: 46rem; margin: 0 0 2.5rem; }
h2 { font-size: 1.15rem; margin: 2.75rem 0 .25rem; } .note { color: var(--soft); margin: 0 0 1rem; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22.5rem, 100%), 1fr)); gap: 1rem; } .panel, .act { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; }
.panel h3 { margin: 0; font-size: 1rem; } .panel p { margin: .1rem 0 .7rem; color: var(--soft); font-size: .88rem; }
table { border-collapse: separate; border-spacing: 3px; width: 100%; font-size: .82rem; } th { font-weight: 500; color: var(--soft); text-align: left; white-space: nowrap; } thead th { text-align: center; font-size: .68rem; } td { text-align: center; border-radius: .3rem; padding: .3rem 0; font-weight: 700; min-width: 1.6rem; }
.leaks { background: var(--leak-bg); color: var(--leak); } .allowed { background: var(--good-bg); color: var(--good); } .withheld { background: color-mix(in srgb, var(--line) 45%, transparent); color: var(--soft); } .lost, .unknown { background: var(--warn-bg); color: var(--warn); }
.legend { display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; margin: .9rem 0 0; list-style: none; font-size: .82rem; color: var(--soft); } .legend span { display: inline-block; width: 1.5rem; text-align: center; border-radius: .3rem; font-weight: 700; margin-right: .35rem; }
.bars { display: grid; grid-template-columns: max-content 1fr 1fr; gap: .3rem .9rem; align-items: center; font-size: .88rem; background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem 1.1rem; } .bars b { font-weight: 500; } .bars .head { color: var(--soft); font-size: .78rem; }
.bar { display: flex; align-items: center; gap: .5rem; font-variant-numeric: tabular-nums; } .bar i { display: block; height: .8rem; min-width: 2px; border-radius: .15rem; background: var(--bar); } .bar.after i { background: var(--bar2); }
.acts { display: grid; gap: 1rem; } .act { display: grid; grid-template-columns: 2.4rem 1fr; } .act > .no { font-size: 1.5rem; font-weight: 700; color: var(--soft); } .act h3 { margin: 0; font-size: 1.05rem; } .act p { margin: .15rem 0 .6rem; color: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: .4rem 1.8rem; margin: 0 0 .6rem; } dl div { display: flex; flex-direction: column-reverse; } dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-size: 1.35rem; font-weight: 650; font-variant-numeric: tabular-nums; }
.claims { list-style: none; margin: 0; padding: 0; font-size: .9rem; } .claims .no { color: var(--leak); } .claims li::before { content: '✓ '; color: var(--good); font-weight: 700; } .claims li.no::before { content: '✗ '; color: var(--leak); }
footer { margin-top: 3rem; color: var(--soft); font-size: .85rem; }`;

/** One page without scripts, fonts or links, so that it can be sent as a file. */
export function renderPage(story: Story): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leakproof: the incident, proven, sealed and accounted for</title>
<style>${STYLE}</style>
<main>
<h1>Who can see whose what?</h1>
<p class="lead">A synthetic fitness platform repeats the incident of 2021. Every figure below was measured on this machine in ${story.seconds.toFixed(0)} seconds, and checked against an oracle that knows the rules of the platform and nothing of Leakproof.</p>
<h2>Who receives what</h2>
<p class="note">Pia set her profile to private. The worst outcome for each of her fields, over all operations of her region.</p>
<div class="panels">${story.ladders.map(panel).join('')}</div>
<ul class="legend">${Object.entries(OUTCOMES)
    .filter(([outcome]) => outcome !== 'unknown')
    .map(([outcome, { mark, label }]) => `<li><span class="${outcome}">${mark}</span>${label}</li>`)
    .join('')}</ul>
<h2>What a scraper receives</h2>
<p class="note">Number of people of whom a scraper received a field: as found, and behind the guard with an account of its own.</p>
${bars(story)}
<h2>Five acts</h2>
<p class="note">Each act checks its results; a single cell that differs fails the demo.</p>
<div class="acts">${story.acts.map(act).join('')}</div>
<footer>Made by <code>npm run demo</code>. People, names and values are invented. The log from which the account was made contains no personal data.</footer>
</main>
</html>
`;
}

function panel({ title, caption, rows }: LadderPanel): string {
  const head = FIELDS.map((field) => `<th scope="col">${escapeHtml(field.replace('total_', ''))}</th>`).join('');
  const body = rows
    .map(({ caller, outcomes }) => `<tr><th scope="row">${escapeHtml(caller)}</th>${outcomes.map(cell).join('')}</tr>`)
    .join('');
  return `<section class="panel"><h3>${escapeHtml(title)}</h3><p>${escapeHtml(caption)}</p><table><thead><tr><th></th>${head}</tr></thead><tbody>${body}</tbody></table></section>`;
}

function cell(outcome: Outcome): string {
  const { mark, label } = OUTCOMES[outcome];
  return `<td class="${outcome}" title="${label}" aria-label="${label}">${mark}</td>`;
}

function bars({ before, after }: Story): string {
  const most = Math.max(1, ...before.map(({ people }) => people));
  const width = (people: number): string => `${Math.round((people / most) * 78)}%`;
  const rows = before.map(({ field, people }) => {
    const later = after.find((each) => each.field === field)?.people ?? 0;
    return `<b>${escapeHtml(field)}</b><div class="bar"><i style="width:${width(people)}"></i>${people}</div><div class="bar after"><i style="width:${width(later)}"></i>${later}</div>`;
  });
  return `<div class="bars"><span></span><span class="head">as found, without an account</span><span class="head">behind the guard, as a member</span>${rows.join('')}</div>`;
}

function act({ number, title, story, figures, assertions: claims }: Act): string {
  const numbers = figures
    .map(({ label, value }) => `<div><dt>${escapeHtml(label)}</dt><dd>${escapeHtml(value)}</dd></div>`)
    .join('');
  const list = claims
    .map(
      ({ statement, holds, detail }) =>
        `<li${holds ? '' : ' class="no"'}>${escapeHtml(statement)}${detail === undefined ? '' : `: ${escapeHtml(detail)}`}</li>`,
    )
    .join('');
  return `<article class="act"><div class="no">${number}</div><div><h3>${escapeHtml(title)}</h3><p>${escapeHtml(story)}</p><dl>${numbers}</dl><ul class="claims">${list}</ul></div></article>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
