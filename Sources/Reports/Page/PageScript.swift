/// The script of the HTML report: sorts the layer table, and nothing else.
enum PageScript {
  static let text = """
    "use strict";
    (function () {
      var table = document.getElementById("layers");
      var heads = Array.prototype.slice.call(table.querySelectorAll("th"));
      var body = table.tBodies[0];
      heads.forEach(function (head, column) {
        head.querySelector("button").addEventListener("click", function () {
          var isNumber = head.classList.contains("n");
          var was = head.getAttribute("aria-sort");
          var first = isNumber && column > 0 ? "descending" : "ascending";
          var order = was === null ? first : was === "ascending" ? "descending" : "ascending";
          heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
          head.setAttribute("aria-sort", order);
          var sign = order === "ascending" ? 1 : -1;
          var rows = Array.prototype.slice.call(body.rows);
          rows.sort(function (a, b) {
            var x = a.cells[column], y = b.cells[column];
            if (isNumber) { return sign * (Number(x.dataset.key) - Number(y.dataset.key)); }
            return sign * x.textContent.localeCompare(y.textContent, "en", { numeric: true });
          });
          rows.forEach(function (row) { body.appendChild(row); });
        });
      });
    })();
    """
}
