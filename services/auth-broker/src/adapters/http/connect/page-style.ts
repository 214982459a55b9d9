import { createHash } from 'node:crypto';

/** The style of every connect page. It needs no script, no font and no other file. */
export const pageStyle = `
:root{color-scheme:light dark;--ground:#f3f4f7;--card:#fff;--line:#d9dce3;--text:#1a1d24;--soft:#565c69;--accent:#1f55c4;--on-accent:#fff;--warn-ground:#fff4dc;--warn-line:#d9a441;--warn-text:#5c3d00;--bad-ground:#fdecec;--bad-line:#d06060;--bad-text:#7d1616;--good:#176b38}
@media (prefers-color-scheme:dark){:root{--ground:#101216;--card:#1a1d23;--line:#343943;--text:#eceef2;--soft:#a9afbc;--accent:#8fb4ff;--on-accent:#0b1730;--warn-ground:#33290f;--warn-line:#9a7a2c;--warn-text:#f6dfa8;--bad-ground:#3a1b1d;--bad-line:#a85054;--bad-text:#ffc9c9;--good:#7fd6a0}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;background:var(--ground);color:var(--text);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:1.5rem 1rem;overflow-wrap:anywhere}
main{width:100%;max-width:30rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:2rem 1.75rem;box-shadow:0 8px 30px rgba(15,20,40,.07)}
footer{width:100%;max-width:30rem;padding:1rem 1.75rem 0;color:var(--soft);font-size:.85rem;text-align:center}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem;letter-spacing:-.01em}
h2{font-size:.95rem;margin:1.5rem 0 .5rem}
p{margin:0 0 1rem}
dl{margin:1.25rem 0;border-top:1px solid var(--line)}
dl div{display:flex;gap:1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}
dt{flex:0 0 8rem;color:var(--soft)}
dd{margin:0;flex:1;min-width:0;font-weight:600}
ul{margin:.5rem 0 1rem;padding-left:1.25rem}
code{font:.9em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
.soft{color:var(--soft)}
.note{border-left:4px solid var(--warn-line);background:var(--warn-ground);color:var(--warn-text);border-radius:8px;padding:.75rem 1rem;margin:1.25rem 0}
.bad{border-left:4px solid var(--bad-line);background:var(--bad-ground);color:var(--bad-text);border-radius:8px;padding:.75rem 1rem;margin:1.25rem 0}
.note :last-child,.bad :last-child{margin-bottom:0}
.good{color:var(--good)}
label{display:block;font-weight:600;margin:1rem 0 .3rem}
.help{color:var(--soft);font-size:.875rem;margin:.3rem 0 0}
input{width:100%;font:inherit;padding:.65rem .75rem;border:1px solid var(--soft);border-radius:8px;background:var(--card);color:var(--text)}
.actions{display:flex;flex-wrap:wrap;gap:.75rem;margin-top:1.5rem}
button,.button{font:inherit;font-weight:600;border-radius:8px;padding:.7rem 1.15rem;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer;text-decoration:none;display:inline-block}
button.second,.button.second{background:transparent;color:var(--text);border-color:var(--soft)}
a{color:var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
@media (max-width:24rem){main{padding:1.5rem 1.1rem}dl div{display:block}.actions>*{flex:1 1 100%;text-align:center}}
@media (forced-colors:active){button,.button{border:2px solid}}
`.trim();

/** The source of the style in a content security policy: `sha256-…`. */
export const pageStyleSource = `sha256-${createHash('sha256').update(pageStyle).digest('base64')}`;
