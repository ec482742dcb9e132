import Mustache

extension RunReport {
  /// The report as one self-contained HTML file: no network, no other file, readable on a phone and in print.
  ///
  /// - Throws: `MustacheTemplate.ParserError` if the built-in template does not parse, which a test rules out.
  package func html() throws -> String {
    try MustacheTemplate(string: PageTemplate.text).render(pageContent())
  }
}
