/// The HTML report of a calibration as a Mustache template, in the style of the report of a run.
enum CalibrationPage {
  static let template = PageFrame.template(
    kind: "calibration report", isScripted: false,
    content: """
      <p class="headline">{{protocol}}</p>
      <p class="verdict">{{verdict}}</p>
      </header>

      {{#quantities}}
      <section>
      <h2>Predicted against measured: {{name}}</h2>
      <p class="guide">One point for each row; blue rows were held out, grey ones fitted. The thin lines are 10 % off.</p>
      <figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div></figure>
      <p class="guide">{{verdict}}</p>
      <table>
      <thead><tr><th></th><th class="n">Rows</th><th class="n">MAPE</th><th class="n">Median</th><th class="n">Within 10 %</th><th class="n">Kendall τ-b</th><th class="n">Spearman ρ</th><th class="n">R²</th></tr></thead>
      <tbody>
      {{#errors}}<tr><td>{{title}}</td>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>
      {{/errors}}
      </tbody>
      </table>
      </section>
      {{/quantities}}

      {{#isFitted}}
      <section>
      <h2>Parameters</h2>
      <p class="guide">Where each lies in 95 of 100 resamples of the rows; the effect is the change of the predictions over its whole range.</p>
      <table>
      <thead><tr><th>Key</th><th class="n">Before</th><th class="n">After</th><th class="n">95 %</th><th class="n">Range</th><th class="n">Effect</th></tr></thead>
      <tbody>
      {{#parameters}}<tr><td>{{key}}</td><td class="n">{{before}}</td><td class="n">{{after}}</td><td class="n">{{interval}}</td><td class="n">{{range}}</td><td class="n">{{effect}}</td></tr>
      {{/parameters}}
      </tbody>
      </table>
      {{#leftOut}}<p class="guide">Not fitted: {{.}}.</p>
      {{/leftOut}}
      </section>

      <section>
      <h2>Correlations of the parameters</h2>
      <p class="guide">Near 1 or −1 the rows know a sum or a difference of two parameters, but neither of them.</p>
      <table>
      <tbody>
      {{#correlations}}<tr><td>{{title}}</td>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>
      {{/correlations}}
      </tbody>
      </table>
      </section>
      {{/isFitted}}

      <section>
      <h2>Residuals by class</h2>
      <table>
      <thead><tr><th>Class</th><th class="n">Rows</th><th class="n">MAPE</th><th class="n">Bias</th></tr></thead>
      <tbody>
      {{#classes}}<tr><td>{{title}}</td>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>
      {{/classes}}
      </tbody>
      </table>
      </section>

      <section class="layers">
      <h2>All rows</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Rows">
      <table>
      <thead><tr><th>Row</th><th></th><th class="n">Measured</th><th class="n">Before</th><th class="n">Predicted</th><th class="n">Error</th></tr></thead>
      <tbody>
      {{#rows}}<tr><td>{{title}}</td>{{#cells}}<td class="n">{{.}}</td>{{/cells}}</tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>

      <footer>
      {{#notes}}<p class="note">Note: {{.}}.</p>
      {{/notes}}
      \(PageFrame.facts)
      </footer>
      """)

  /// What the template is filled with.
  struct Content {
    var title: String
    var `protocol`: String
    var verdict: String
    var quantities: [Quantity]
    /// Whether there are parameters; a machine may be judged as it is.
    var isFitted: Bool
    var parameters: [Parameter]
    var leftOut: [String]
    var correlations: [Row]
    var classes: [Row]
    var rows: [Row]
    var notes: [String]
    var facts: [PageContent.Fact]
    var style: String
  }

  struct Quantity {
    var name: String
    var wide: String
    var narrow: String
    var verdict: String
    var errors: [Row]
  }

  struct Parameter {
    var key: String
    var before: String
    var after: String
    var interval: String
    var range: String
    var effect: String
  }

  struct Row {
    var title: String
    var cells: [String]
  }
}
