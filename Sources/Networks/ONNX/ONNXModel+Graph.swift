package import Graphs

extension ONNXModel {
  /// The model as a graph.
  ///
  /// - Throws: ``ONNXError``; unsupported or invalid nodes of the whole file come in one error.
  package func graph(_ options: ONNXImportOptions = ONNXImportOptions()) throws(ONNXError) -> Graph {
    var importer = GraphImporter(session: ImportSession(model: self, options: options))
    return try importer.importModel()
  }
}
