import Formats
import Testing

/// Tables of values with their places.
@Suite struct CSVTests {
  private func message(_ text: String) -> String {
    do throws(FormatError) {
      _ = try CSVReader.read(text, file: "t.csv")
      return "read"
    } catch {
      return "\(error)"
    }
  }

  private func message(_ body: () throws(Diagnostic) -> Void) -> String {
    do throws(Diagnostic) {
      try body()
      return "read"
    } catch {
      return "\(error)"
    }
  }

  @Test func `cells have text and place`() throws {
    let table = try CSVReader.read("name, rows\r\n\"a, \"\"b\"\"\",  3 \r\n\r\nc,4\n", file: "t.csv")
    #expect(table.columns.map(\.text) == ["name", "rows"])
    #expect(table.rows.map { $0.cells.map(\.text) } == [["a, \"b\"", "3"], ["c", "4"]])
    #expect(table.rows[0].cells[1].place.description == "t.csv:2:14")
    #expect(table.rows[1].place.description == "t.csv:4:1")
  }

  @Test func `quoted cells may span lines`() throws {
    let table = try CSVReader.read("a,b\n\"x\ny\",2\n3,4", file: "t.csv")
    #expect(table.rows[0].cells[0].text == "x\ny")
    #expect(table.rows[1].place.line == 4)
  }

  @Test func `byte order mark, empty lines and trailing commas are tolerated`() throws {
    let table = try CSVReader.read("\u{FEFF}a,b,\n\n1,2,\n3,4,,\n,\n", file: "t.csv")
    #expect(table.columns.map(\.text) == ["a", "b"])
    #expect(table.rows.map { $0.cells.map(\.text) } == [["1", "2"], ["3", "4"], ["", ""]])
  }

  @Test func `typed accessors read numbers or say why not`() throws {
    let row = try CSVReader.read("Layer,Stride,Time\nconv,2,1.5e-3\n", file: "t.csv").rows[0]
    #expect(try row.text("Layer") == "conv")
    #expect(try row.whole("Stride") == 2)
    #expect(try row.number("Time") == 1.5e-3)
    #expect(
      message { () throws(Diagnostic) in _ = try row.whole("Strid") }
        == "t.csv:2:1: there is no column 'Strid'; expected Layer, Stride or Time; did you mean 'Stride'?")
    #expect(
      message { () throws(Diagnostic) in _ = try row.whole("Layer") }
        == "t.csv:2:1: Layer: 'conv' is not a number; expected a whole number")
    #expect(
      message { () throws(Diagnostic) in _ = try row.whole("Stride", in: 3...8) }
        == "t.csv:2:6: Stride: 2 is out of range; expected a whole number 3 … 8")
    #expect(
      message { () throws(Diagnostic) in _ = try row.number("Layer") }
        == "t.csv:2:1: Layer: 'conv' is not a number; expected a number")
    let odd = try CSVReader.read("a,b,c,d\n,nan,0x10,1e999\n", file: "t.csv").rows[0]
    #expect(
      message { () throws(Diagnostic) in _ = try odd.number("a") }
        == "t.csv:2:1: a: the cell is empty; expected a number")
    for column in ["b", "c", "d"] {
      #expect(
        message { () throws(Diagnostic) in _ = try odd.number(column) }.hasSuffix(
          "is not a number; expected a number"))
    }
  }

  @Test func `all that is wrong with a table comes at once`() {
    #expect(
      message("a,b,a\n1,2\n1,2,3,4\n\"x\" y,2,3\n\"open,2\n") == """
        t.csv:1:5: the column 'a' is there twice; rename one of them
        t.csv:2:1: the line has 2 cells; expected 3, one for each column
        t.csv:3:1: the line has 4 cells; expected 3, one for each column
        t.csv:4:5: a text follows a closing quote; expected a comma or the end of the line; write '""' for a quote \
        inside quotes
        t.csv:5:1: the line has 1 cell; expected 3, one for each column
        t.csv:5:1: the quote is not closed; expected a '"' before the end of the file
        """)
    #expect(
      message("\n\n") == "t.csv:1:1: the file is empty; expected a first line with the names of the columns")
  }

  @Test func `what is written reads back`() throws {
    let records = [
      ["name", "a,b", "c\"d"], ["x\ny", " spaced ", ""], ["\r", "µ", "\u{FEFF}"], ["plain", "1.5", "\"\""],
    ]
    let table = try CSVReader.read(CSVWriter.text(records), file: "t.csv")
    #expect([table.columns.map(\.text)] + table.rows.map { $0.cells.map(\.text) } == records)
  }
}
