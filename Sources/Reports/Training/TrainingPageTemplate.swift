/// The HTML report of a training as a Mustache template: `{{…}}` escapes, `{{{…}}}` is for drawings and style only.
enum TrainingPageTemplate {
  static let text = PageFrame.template(
    kind: "training report", isScripted: false,
    content: """
      <p class="headline">{{headline}}</p>
      <p class="verdict">{{verdict}}</p>
      </header>

      \(PageFrame.tiles)

      {{#curves}}
      <section>
      <h2>{{title}}</h2>
      <p class="guide">{{guide}}</p>
      <ul class="legend">
      {{#legend}}<li><span class="swatch {{swatch}}"></span>{{title}} <b>{{share}}</b></li>
      {{/legend}}
      </ul>
      <figure>{{#picture}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/picture}}</figure>
      </section>
      {{/curves}}

      <section class="layers">
      <h2>All epochs</h2>
      <div class="scroll" tabindex="0" role="region" aria-label="Epoch table">
      <table>
      <thead><tr><th class="n">Epoch</th><th class="n">Training loss</th><th class="n">Training accuracy</th><th class="n">Test loss</th><th class="n">Test accuracy</th><th class="n">Learning rate</th></tr></thead>
      <tbody>
      {{#rows}}<tr><td class="n">{{epoch}}</td><td class="n">{{trainingLoss}}</td><td class="n">{{trainingAccuracy}}</td><td class="n">{{testLoss}}</td><td class="n">{{testAccuracy}}</td><td class="n">{{learningRate}}</td></tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>

      <section>
      <h2>Recipe</h2>
      <p class="guide">Every key with its value; as a file, it repeats the training.</p>
      <dl class="recipe">
      {{#recipe}}<div><dt>{{title}}</dt><dd>{{value}}</dd></div>
      {{/recipe}}
      </dl>
      </section>

      <footer>
      \(PageFrame.facts)
      </footer>
      """)
}
