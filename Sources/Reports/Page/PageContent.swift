/// What the template of the HTML report is filled with; Mustache finds the members by their names.
///
/// Texts are escaped by the template, drawings are markup already.
struct PageContent {
  /// Rows that share a heading, which is only there with them.
  struct Table<Row> {
    var rows: [Row]

    init?(_ rows: [Row]) {
      guard !rows.isEmpty else { return nil }
      self.rows = rows
    }
  }

  var title: String
  var headline: String
  var verdict: String
  var notes: [String]
  var tiles: [Tile]
  /// Networks that ran at once, and cores; nil where there is one.
  var tenants: Table<TenantRow>?
  var cores: Table<CoreRow>?
  var advice: [Hint]
  var causes: [LegendEntry]
  var components: [LegendEntry]
  var ribbon: Picture
  var layerBars: Picture
  var layersGuide: String
  var roofline: Picture
  var rooflineGuide: String
  /// How far the run is from its bounds; nil where they are not known.
  var boundGuide: String?
  var energy: Picture
  var power: Picture
  var powerGuide: String
  /// nil where the program says nothing of the memories.
  var occupancy: Picture?
  /// What layers without any time are; nil where there are none.
  var hiddenGuide: String?
  var rows: [Row]
  var facts: [Fact]
  var style: String
  var script: String

  struct Tile {
    var title: String
    var value: String
    var unit: String
    var detail: String
  }

  /// A network that ran with others.
  struct TenantRow {
    var name: String
    var core: Int
    var alone: String
    var together: String
    var slowdown: String
  }

  /// A core and what became of its cycles.
  struct CoreRow {
    var index: Int
    var done: String
    var utilization: String
    var compute: String
    var contention: String
    var others: String
    var memory: String
  }

  /// A loss, what to try against it, and the keys of the machine that bear on it.
  struct Hint {
    var finding: String
    var remedy: String
    var keys: String
  }

  /// A colour, what it stands for and how much of it there is.
  struct LegendEntry {
    var swatch: String
    var title: String
    var share: String
    var sentence: String
  }

  /// A figure in its two widths.
  struct Picture {
    var wide: String
    var narrow: String
  }

  /// A line of the layer table: texts as shown, and the numbers by which the table is sorted.
  struct Row {
    var index: Int
    var name: String
    var operatorName: String
    var share: Cell
    var latency: Cell
    var macs: Cell
    var utilization: Cell
    var bound: Cell
    var energy: Cell
    var memory: Cell
    var cause: String
    var swatch: String
    var mapping: String
  }

  struct Cell {
    var text: String
    var key: String
  }

  struct Fact {
    var title: String
    var value: String
  }
}
