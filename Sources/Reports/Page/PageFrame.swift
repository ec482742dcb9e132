/// What all HTML pages begin and end with, as a Mustache template that wants `title` and `style`, and `script` where there is one.
///
/// Pages are files of their own: the policy in the head allows no network and nothing but what is written into them.
enum PageFrame {
  /// A whole template.
  ///
  /// - Parameters:
  ///   - kind: What stands beside the name of the program: "sweep".
  ///   - content: What follows the title: the rest of the header, which it closes, and everything else of the page.
  static func template(kind: String, isScripted: Bool, content: String) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'\
    \(isScripted ? "; script-src 'unsafe-inline'" : "")">
    <meta name="color-scheme" content="light dark">
    <title>{{title}} · Joulery</title>
    <style>{{{style}}}</style>
    </head>
    <body>
    <main>
    <header>
    <p class="brand">Joulery · \(kind)</p>
    <h1>{{title}}</h1>
    \(content)
    </main>
    \(isScripted ? "<script>{{{script}}}</script>\n" : "")</body>
    </html>

    """
  }

  /// Numbers of the whole, each on a tile; wants `tiles`.
  static let tiles = """
    <section class="tiles" aria-label="Totals">
    {{#tiles}}<div class="tile"><h3>{{title}}</h3><p class="number">{{value}}<span class="unit"> {{unit}}</span></p><p class="detail">{{detail}}</p></div>
    {{/tiles}}
    </section>
    """

  /// Where the page comes from; wants `facts`.
  static let facts = """
    <dl>
    {{#facts}}<div><dt>{{title}}</dt><dd>{{value}}</dd></div>
    {{/facts}}
    </dl>
    """
}
