/// The HTML report of a sweep as a Mustache template; the style is that of all pages.
enum SweepTemplate {
  static let text = PageFrame.template(
    kind: "sweep", isScripted: true,
    content: """
      <p class="headline">{{headline}}</p>
      </header>
      {{#sections}}
      <section>
      <h2>{{name}}</h2>
      <p class="guide">{{guide}}</p>
      {{#picture}}<figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div></figure>{{/picture}}
      </section>
      {{/sections}}
      <section class="layers">
      <h2>All points</h2>
      <p class="guide screen">A click on a heading sorts.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Table of points">
      <table id="layers">
      <thead><tr>
      {{#columns}}<th{{#isNumber}} class="n"{{/isNumber}}><button>{{title}}</button></th>{{/columns}}
      </tr></thead>
      <tbody>
      {{#rows}}<tr>{{#cells}}<td{{#isNumber}} class="n"{{/isNumber}} data-key="{{key}}">{{text}}</td>{{/cells}}</tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>
      <footer>
      \(PageFrame.facts)
      </footer>
      """)
}
