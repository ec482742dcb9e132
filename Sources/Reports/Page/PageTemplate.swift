/// The HTML report as a Mustache template: `{{…}}` escapes, `{{{…}}}` is for drawings, style and script only.
enum PageTemplate {
  static let text = PageFrame.template(
    kind: "simulation report", isScripted: true,
    content: """
      <p class="headline">{{headline}}</p>
      <p class="verdict">{{verdict}}</p>
      </header>

      \(PageFrame.tiles)

      {{#tenants}}
      <section class="layers">
      <h2>Networks at once</h2>
      <p class="guide">How long each takes alone on the machine, and with the others.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Networks">
      <table>
      <thead><tr><th>Network</th><th class="n">Core</th><th class="n">Alone</th><th class="n">Together</th><th class="n">Slowdown</th></tr></thead>
      <tbody>
      {{#rows}}<tr><td class="name">{{name}}</td><td class="n">{{core}}</td><td class="n">{{alone}}</td><td class="n">{{together}}</td><td class="n">{{slowdown}}</td></tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>
      {{/tenants}}
      {{#cores}}
      <section class="layers">
      <h2>Cores</h2>
      <p class="guide">Shares of the cycles of the run; what is missing to 100 % is in the causes below.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Cores">
      <table>
      <thead><tr><th class="n">Core</th><th class="n">Done after</th><th class="n">MAC util.</th><th class="n">Compute</th><th class="n">Contention</th><th class="n">Other cores</th><th class="n">DRAM</th></tr></thead>
      <tbody>
      {{#rows}}<tr><td class="n">{{index}}</td><td class="n">{{done}}</td><td class="n">{{utilization}}</td><td class="n">{{compute}}</td><td class="n">{{contention}}</td><td class="n">{{others}}</td><td class="n">{{memory}}</td></tr>
      {{/rows}}
      </tbody>
      </table>
      </div>
      </section>
      {{/cores}}

      <section>
      <h2>Where the time went</h2>
      <p class="guide">The run from left to right; every cycle of the MAC array has one cause.</p>
      <ul class="legend">
      {{#causes}}<li title="{{sentence}}"><span class="swatch {{swatch}}"></span>{{title}} <b>{{share}}</b></li>
      {{/causes}}
      </ul>
      <figure>{{#ribbon}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/ribbon}}</figure>
      </section>

      <section class="advice">
      <h2>What would help</h2>
      <ul>
      {{#advice}}<li><b>{{finding}}</b>: {{remedy}}. <code>{{keys}}</code></li>
      {{/advice}}
      {{^advice}}<li>Nothing stands out.</li>{{/advice}}
      </ul>
      </section>

      <section>
      <h2>Layers by cause</h2>
      <p class="guide">{{layersGuide}}</p>
      <figure>{{#layerBars}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/layerBars}}</figure>
      </section>

      <section>
      <h2>Roofline</h2>
      <p class="guide">{{rooflineGuide}}</p>
      {{#boundGuide}}<p class="guide">{{.}}</p>{{/boundGuide}}
      <figure>{{#roofline}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/roofline}}</figure>
      </section>

      <section>
      <h2>Energy by component</h2>
      <figure>{{#energy}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/energy}}</figure>
      </section>

      <section>
      <h2>Power over time</h2>
      <p class="guide">{{powerGuide}}</p>
      <ul class="legend">
      {{#components}}<li title="{{sentence}}"><span class="swatch {{swatch}}"></span>{{title}}</li>
      {{/components}}
      </ul>
      <figure>{{#power}}<div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div>{{/power}}</figure>
      </section>

      {{#occupancy}}
      <section>
      <h2>On-chip memory over time</h2>
      <p class="guide">Bytes in use of each memory; the strip is as high as the memory is large.</p>
      <figure><div class="wide">{{{wide}}}</div><div class="narrow">{{{narrow}}}</div></figure>
      </section>
      {{/occupancy}}

      <section class="layers">
      <h2>All layers</h2>
      <p class="guide screen">A click on a heading sorts.{{#hiddenGuide}} {{.}}{{/hiddenGuide}}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Layer table">
      <table id="layers">
      <thead><tr>
      <th class="n"><button>#</button></th><th><button>Layer</button></th><th class="n"><button>Share</button></th><th class="n"><button>Latency</button></th><th class="n"><button>MACs</button></th><th class="n"><button>MAC util.</button></th><th class="n"><button title="The layer's time against the largest of its bounds; simulate --bound shows them">Of bound</button></th><th class="n"><button>Energy</button></th><th class="n"><button>DRAM</button></th><th><button>Main cause</button></th><th><button>Mapping, and why</button></th>
      </tr></thead>
      <tbody>
      {{#rows}}<tr><td class="n" data-key="{{index}}">{{index}}</td><td class="name">{{name}}<small>{{operatorName}}</small></td>{{#share}}<td class="n" data-key="{{key}}">{{text}}</td>{{/share}}{{#latency}}<td class="n" data-key="{{key}}">{{text}}</td>{{/latency}}{{#macs}}<td class="n" data-key="{{key}}">{{text}}</td>{{/macs}}{{#utilization}}<td class="n" data-key="{{key}}">{{text}}</td>{{/utilization}}{{#bound}}<td class="n" data-key="{{key}}">{{text}}</td>{{/bound}}{{#energy}}<td class="n" data-key="{{key}}">{{text}}</td>{{/energy}}{{#memory}}<td class="n" data-key="{{key}}">{{text}}</td>{{/memory}}<td class="cause"><span class="swatch {{swatch}}"></span>{{cause}}</td><td class="why">{{mapping}}</td></tr>
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
}
