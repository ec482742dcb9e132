/// The HTML report of a study as a Mustache template: `{{…}}` escapes, `{{{…}}}` is for drawings and style only.
enum StudyPageTemplate {
  static let text = PageFrame.template(
    kind: "study", isScripted: true,
    content: """
      <p class="headline">{{headline}}</p>
      <p class="verdict">{{verdict}}</p>
      {{#gains}}<p class="gain">{{.}}</p>
      {{/gains}}      {{#winnerPage}}<p class="more"><a href="{{href}}">{{text}}</a></p>{{/winnerPage}}
      </header>

      \(PageFrame.tiles)

      {{#figures}}
      <section>
      <h2>{{title}}</h2>
      <p class="guide">{{guide}}</p>
      {{#legend}}<ul class="legend">
      {{#rows}}<li><span class="swatch {{swatch}}"></span>{{title}} <b>{{share}}</b></li>
      {{/rows}}
      </ul>{{/legend}}
      {{#pictures}}<figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div></figure>
      {{/pictures}}
      </section>
      {{/figures}}

      {{#cells}}
      <section>
      <h2>{{title}}</h2>
      <p class="guide">{{guide}}</p>
      <div class="cells">
      {{#cards}}<div class="cell{{#isLarge}} large{{/isLarge}}"><h3>{{title}}</h3><p class="detail">{{detail}}</p>
      {{#drawings}}<figure>{{{.}}}</figure>
      {{/drawings}}</div>
      {{/cards}}
      </div>
      </section>
      {{/cells}}

      {{#mixtures}}
      <section>
      <h2>What the strategy did</h2>
      <p class="guide">{{guide}}</p>
      <ul class="legend">
      {{#legend}}<li><span class="swatch {{swatch}}"></span>{{title}}</li>
      {{/legend}}
      </ul>
      <div class="cells">
      {{#cards}}<div class="cell"><h3>{{title}}</h3><p class="detail">{{detail}}</p>
      {{#drawings}}<figure>{{{.}}}</figure>
      {{/drawings}}</div>
      {{/cards}}
      </div>
      </section>
      {{/mixtures}}

      <div class="pairs">
      {{#searchFigures}}
      <section>
      <h2>{{title}}</h2>
      <p class="guide">{{guide}}</p>
      {{#legend}}<ul class="legend">
      {{#rows}}<li><span class="swatch {{swatch}}"></span>{{title}}</li>
      {{/rows}}
      </ul>{{/legend}}
      {{#pictures}}<figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div></figure>
      {{/pictures}}
      </section>
      {{/searchFigures}}
      </div>

      <section class="layers">
      <h2>All trials</h2>
      <p class="guide">{{tableGuide}} <span class="screen">A click on a heading sorts.</span></p>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of trials">
      <table id="layers">
      <thead><tr>
      {{#columns}}<th{{#isNumber}} class="n"{{/isNumber}}><button>{{title}}</button></th>{{/columns}}
      </tr></thead>
      <tbody>
      {{#rows}}<tr{{#isBest}} class="best"{{/isBest}}>{{#cells}}<td{{#isNumber}} class="n"{{/isNumber}} data-key="{{key}}">{{text}}</td>{{/cells}}</tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>

      <section>
      <h2>The study</h2>
      <p class="guide">What it says beyond defaults; it decides the trials.</p>
      <pre class="source">{{source}}</pre>
      </section>

      <footer>
      {{#notes}}<p class="note">{{.}}</p>
      {{/notes}}
      \(PageFrame.facts)
      </footer>
      """)

  /// What pages of studies have beside the style of all pages.
  static let style = """
    .pairs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); column-gap: 32px; }
    .more { margin-top: 10px; font-size: 14px; }
    a { color: var(--compute); }
    .cells { display: grid; grid-template-columns: repeat(auto-fill, minmax(300px, 1fr)); gap: 12px; }
    .cell.large { grid-column: 1 / -1; }
    .gain { max-width: 52em; margin-top: 6px; }
    .cell { background: var(--card); border-radius: 8px; padding: 14px 16px 10px; min-width: 0; }
    .cell h3 { color: var(--ink); font-weight: 600; font-size: 14px; overflow-wrap: anywhere; }
    .cell figure { margin-top: 6px; }
    .cell-node { fill: var(--paper); stroke: var(--soft); stroke-width: 1.2; }
    svg .cell-name { font-size: 11px; fill: var(--soft); }
    svg .cell-label { font-size: 11px; stroke: var(--card); }
    .cell-edge { fill: none; stroke-width: 1.8; }
    .e-identity { stroke: var(--issue); stroke-dasharray: 4 3; } .t-identity { fill: var(--issue); }
    .e-pooling { stroke: var(--load); } .t-pooling { fill: var(--load); }
    .e-pointwise { stroke: var(--preload); } .t-pointwise { fill: var(--preload); }
    .e-convolution { stroke: var(--compute); } .t-convolution { fill: var(--compute); }
    .e-separable { stroke: var(--vector); } .t-separable { fill: var(--vector); }
    .band { stroke: var(--card); stroke-width: 0.6; }
    .o-0 { fill: var(--other); background: var(--other); } .o-1 { fill: var(--issue); background: var(--issue); }
    .o-2 { fill: var(--preload); background: var(--preload); } .o-3 { fill: var(--compute); background: var(--compute); }
    .o-4 { fill: var(--load); background: var(--load); } .o-5 { fill: var(--vector); background: var(--vector); }
    .o-6 { fill: var(--scratchpad); background: var(--scratchpad); }
    .o-7 { fill: var(--conflict); background: var(--conflict); }
    tr.best td { background: var(--card); font-weight: 600; }
    pre.source { background: var(--card); border-radius: 8px; padding: 14px 16px; margin: 0; font-size: 12.5px;
      line-height: 1.45; overflow-x: auto; font-family: ui-monospace, "DejaVu Sans Mono", monospace; }

    """
}
