/** How the public page looks: in the page itself, so that one answer is all there is to load. Light, or dark by the person's setting. */
export const LOOK = `:root{color-scheme:light dark;--ground:#f1ebe1;--paper:#fffdf9;--ink:#1d1b26;--soft:#5d5868;--rule:#d9cfc0;--link:#37418a;--mark:#8a3f1b}
@media (prefers-color-scheme:dark){:root{--ground:#12131f;--paper:#1b1d2e;--ink:#ece8e1;--soft:#b4b0be;--rule:#303349;--link:#aab3f5;--mark:#e0a960}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:40rem;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.55 system-ui,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .5rem}
h3{font-size:1.05rem;margin:1.2rem 0 .4rem}
p,ul,ol{margin:.5rem 0}
ul,ol{padding-left:1.3rem}
a{color:var(--link)}
section,nav{background:var(--paper);border:1px solid var(--rule);border-radius:.5rem;padding:1rem;margin:1rem 0}
.danger{border-left:.4rem solid var(--mark)}
.danger strong{color:var(--mark)}
nav li,.ways li{padding:.35rem 0}
.top{display:inline-block;padding:.45rem 0}
.ways{list-style:none;padding:0;font-size:1.15rem}
sup,.soft,footer{color:var(--soft);font-size:.85rem}
sup a{padding:0 .15rem}
.note{color:var(--mark)}`;
