/** The style sheet of the HTML report. Its colours are data, so that a test can measure their contrast. */

export type Tone = 'page' | 'muted' | 'link' | 'pass' | 'fail' | 'warn' | 'info' | 'skip' | 'inconclusive';

/** Foreground and background, as #rrggbb. */
export type Pair = readonly [string, string];

export const palette: Readonly<Record<'light' | 'dark', Readonly<Record<Tone, Pair>>>> = {
  light: {
    page: ['#1b1f24', '#ffffff'],
    muted: ['#4d5560', '#f4f6f8'],
    link: ['#0550ae', '#ffffff'],
    pass: ['#0f5323', '#dafbe1'],
    fail: ['#8c0a1f', '#ffe3e0'],
    warn: ['#664000', '#fff4b8'],
    info: ['#0a3d80', '#ddf1ff'],
    skip: ['#4d5560', '#e9edf1'],
    inconclusive: ['#512b96', '#f2e8ff'],
  },
  dark: {
    page: ['#e6e9ed', '#14181d'],
    muted: ['#b3bcc6', '#1e242b'],
    link: ['#8cc2ff', '#14181d'],
    pass: ['#8df0a2', '#123021'],
    fail: ['#ffb0aa', '#45171b'],
    warn: ['#f4d46a', '#3a2d07'],
    info: ['#a5d1ff', '#10294a'],
    skip: ['#b3bcc6', '#2a313a'],
    inconclusive: ['#d8bfff', '#33204f'],
  },
};

const tones = Object.keys(palette.light) as Tone[];

function variables(scheme: Readonly<Record<Tone, Pair>>): string {
  return tones.map((tone) => `--${tone}:${scheme[tone][0]};--${tone}-on:${scheme[tone][1]};`).join('');
}

const decisionTones = ['pass', 'fail', 'warn', 'info', 'skip', 'inconclusive'] as const;

/** Without `<` and `&`, so that it is the same text to an XML parser. */
export const styleSheet = `
:root{color-scheme:light dark;${variables(palette.light)}}
@media (prefers-color-scheme:dark){:root{${variables(palette.dark)}}}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:var(--page);background:var(--page-on)}
header,main,body>footer{max-width:76rem;margin:0 auto;padding:0 1rem}
h1,h2,h3,h4{line-height:1.25;margin:1.6em 0 .5em}
h1{font-size:1.5rem}h2{font-size:1.3rem;border-bottom:1px solid var(--muted)}h3{font-size:1.1rem}h4{font-size:1rem}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
:target{scroll-margin-top:1rem;outline:2px dashed var(--link)}
.skip-link{position:absolute;left:-999rem}
.skip-link:focus{left:1rem;top:.5rem;padding:.5rem;background:var(--page-on);z-index:1}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:0;list-style:none}
.banner{padding:.75rem 1rem;border:2px solid;border-radius:.4rem}
.banner h1{margin:0}.banner p{margin:.25rem 0 0}
${decisionTones.map((tone) => `.tone-${tone}{color:var(--${tone});background:var(--${tone}-on)}`).join('\n')}
.badge{display:inline-block;padding:0 .5em;border:1px solid;border-radius:.8em;font-size:.875rem;font-weight:600;white-space:nowrap}
.muted{color:var(--muted)}
code,pre{font-family:ui-monospace,monospace;font-size:.875rem;overflow-wrap:anywhere}
code{white-space:pre-wrap}
pre{margin:.25rem 0;padding:.5rem .75rem;background:var(--muted-on);border-left:3px solid var(--muted);white-space:pre-wrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.5rem 0}
dt{font-weight:600}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%}
caption{text-align:left;font-weight:600;padding:.25rem 0}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid var(--muted-on);overflow-wrap:anywhere}
thead th{border-bottom:2px solid var(--muted)}
tbody th{font-weight:600}
.group th{background:var(--muted-on)}
.text{min-width:18rem}
.transcript td{font-family:ui-monospace,monospace;font-size:.8125rem;white-space:pre-wrap}
.transcript pre{margin:0;padding:0;border:0;background:none;font-size:inherit}
.transcript td:nth-child(-n+4){white-space:nowrap}
.bar{display:flex;height:.8rem;min-width:8rem;border:1px solid var(--muted);border-radius:.2rem;overflow:hidden}
.bar span{background:currentColor;min-width:2px}
${decisionTones.map((tone) => `.bar .${tone}{color:var(--${tone})}`).join('')}
article{border:1px solid var(--muted);border-radius:.4rem;padding:0 1rem .75rem;margin:1rem 0}
details{margin:.25rem 0}
summary{cursor:pointer;overflow-wrap:anywhere}
details[open]>summary{margin-bottom:.25rem}
details>:not(summary){margin-left:1rem}
fieldset{border:1px solid var(--muted);border-radius:.4rem;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.75rem 0}
${decisionTones.map((tone) => `main:has(#show-${tone}:not(:checked)) .of-${tone}{display:none}`).join('\n')}
main:has(#show-none:not(:checked)) .of-none{display:none}
body>footer{margin-top:2rem;padding-bottom:2rem;border-top:1px solid var(--muted)}
@media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.35rem}}
@media print{
:root{${variables(palette.light)}}
nav,.skip-link,fieldset{display:none}
header,main,body>footer{max-width:none}
article,tr{break-inside:avoid}
.wide{overflow:visible}
details::details-content{content-visibility:visible;block-size:auto}
.banner,.badge,.bar span{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
@media (forced-colors:active){.bar span{forced-color-adjust:none}}
`;
