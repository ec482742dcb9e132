/// The style of the HTML report: one palette for light, one for dark, the light one in print.
///
/// Colours carry meaning and keep it on the whole page: blues are the array at work, oranges are main memory, violet is
/// the vector unit, rose is a conflict, grey is overhead.
enum PageStyle {
  static let text = palette + layout + marks + small

  private static let palette = """
    :root {
      color-scheme: light dark;
      --paper: #fcfcfa; --card: #f3f3ef; --ink: #1f2428; --soft: #5b646c; --line: #dcdcd6; --faint: #ecece7;
      --compute: #2e6399; --preload: #7ba6cd; --fill: #bcd3e6; --conflict: #b84a62; --load: #d9822b; --store: #efbd83;
      --vector: #7b6bab; --issue: #a3a9ae; --scratchpad: #3f9186; --other: #ccd0d2; --contention: #a8431b;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --paper: #15181b; --card: #1e2226; --ink: #e7e6e1; --soft: #9ba3aa; --line: #343a40; --faint: #262b30;
        --compute: #6aa6dc; --preload: #44749f; --fill: #2d4f6e; --conflict: #dd6d83; --load: #e8984b; --store: #9c6431;
        --vector: #a595d8; --issue: #757d84; --scratchpad: #56b0a3; --other: #4d545a; --contention: #d4623a;
      }
    }

    """

  private static let layout = """
    * { box-sizing: border-box; }
    html { -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
      font-variant-numeric: tabular-nums; }
    main { max-width: 1048px; margin: 0 auto; padding: 40px 24px 56px; }
    h1 { font-size: 32px; line-height: 1.2; letter-spacing: -0.01em; margin: 0 0 4px; overflow-wrap: anywhere; }
    h2 { font-size: 20px; line-height: 1.3; margin: 0 0 2px; }
    h3 { font-size: 13px; font-weight: 500; color: var(--soft); margin: 0; }
    p { margin: 0; }
    .brand { font-size: 13px; color: var(--soft); margin-bottom: 12px; }
    .headline { color: var(--soft); }
    .verdict { font-size: 18px; margin-top: 20px; max-width: 44em; }
    section { margin-top: 48px; }
    .guide { color: var(--soft); font-size: 14px; margin-bottom: 14px; max-width: 48em; }
    .tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: 12px; margin-top: 28px; }
    .tile { background: var(--card); border-radius: 8px; padding: 14px 16px 12px; min-width: 0; }
    .number { font-size: 26px; line-height: 1.3; font-weight: 600; letter-spacing: -0.01em; }
    .unit { font-size: 15px; font-weight: 500; letter-spacing: 0; }
    .detail { font-size: 12.5px; color: var(--soft); line-height: 1.35; overflow-wrap: anywhere; }
    .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0; margin: 0 0 12px; font-size: 14px; }
    .legend b { font-weight: 600; }
    .swatch { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 7px; background: var(--other); }
    .advice ul { padding-left: 18px; margin: 8px 0 0; max-width: 52em; }
    .advice li { margin-bottom: 6px; }
    .advice b { font-weight: 600; }
    code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 0.85em; color: var(--soft); }
    figure { margin: 14px 0 0; }
    figure svg { display: block; width: 100%; height: auto; }
    .narrow { display: none; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.4; }
    th, td { text-align: left; vertical-align: top; padding: 6px 8px; border-bottom: 1px solid var(--faint); }
    th { border-bottom: 1px solid var(--line); white-space: nowrap; }
    th:first-child, td:first-child { padding-left: 0; color: var(--soft); }
    th.n, td.n { text-align: right; white-space: nowrap; }
    th button { all: unset; cursor: pointer; font-weight: 600; color: var(--soft); }
    th button:focus-visible { outline: 2px solid var(--compute); outline-offset: 2px; }
    th[aria-sort] button { color: var(--ink); }
    th[aria-sort="ascending"] button::after { content: " \\2191"; }
    th[aria-sort="descending"] button::after { content: " \\2193"; }
    td.name { font-weight: 500; overflow-wrap: break-word; min-width: 150px; }
    td.name small { display: block; font-weight: 400; font-size: 12px; color: var(--soft); }
    td.cause { white-space: nowrap; }
    td.why { color: var(--soft); min-width: 180px; max-width: 340px; font-size: 12px; }
    footer { margin-top: 56px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 13px; color: var(--soft); }
    footer .note { color: var(--ink); }
    dl { margin: 10px 0 0; }
    dl div { display: grid; grid-template-columns: 92px 1fr; }
    dd { margin: 0; overflow-wrap: anywhere; }
    dl.recipe { columns: 3 220px; font-size: 13px; }
    dl.recipe div { grid-template-columns: 160px 1fr; break-inside: avoid; }
    dl.recipe dt { color: var(--soft); }

    """

  private static let marks = """
    .c-compute, .p-array { fill: var(--compute); background: var(--compute); }
    .c-preload { fill: var(--preload); background: var(--preload); }
    .c-fill-drain { fill: var(--fill); background: var(--fill); }
    .c-bank-conflict, .p-cache { fill: var(--conflict); background: var(--conflict); }
    .c-memory-load, .p-dram { fill: var(--load); background: var(--load); }
    .c-memory-store, .p-dma { fill: var(--store); background: var(--store); }
    .c-vector, .p-vector { fill: var(--vector); background: var(--vector); }
    .c-issue, .p-sequencer { fill: var(--issue); background: var(--issue); }
    .p-scratchpad { fill: var(--scratchpad); background: var(--scratchpad); }
    .c-contention { fill: var(--contention); background: var(--contention); }
    .p-other, .c-other-cores { fill: var(--other); background: var(--other); }
    .m-0 { fill: var(--scratchpad); } .m-1 { fill: var(--compute); } .m-2 { fill: var(--vector); } .m-3 { fill: var(--issue); }
    .dot { fill-opacity: 0.78; stroke: var(--paper); stroke-width: 1; }
    .grid { stroke: var(--faint); stroke-width: 1; }
    .axis { stroke: var(--line); stroke-width: 1; }
    .l-step { fill: none; stroke: var(--fill); stroke-width: 1; stroke-linejoin: round; }
    .l-training { fill: none; stroke: var(--compute); stroke-width: 1.8; stroke-linejoin: round; }
    .l-test { fill: none; stroke: var(--load); stroke-width: 1.8; stroke-linejoin: round; }
    .l-step.d, .l-step-swatch { fill: var(--fill); background: var(--fill); }
    .l-training.d, .l-training-swatch { fill: var(--compute); background: var(--compute); }
    .l-test.d, .l-test-swatch { fill: var(--load); background: var(--load); }
    .roof { fill: none; stroke: var(--ink); stroke-width: 1.6; stroke-linejoin: round; }
    .peak { fill: none; stroke: var(--ink); stroke-width: 0.9; stroke-opacity: 0.55; }
    svg text { font-size: 12px; fill: var(--ink); }
    svg .tick, svg .axis-title { fill: var(--soft); }
    svg .value { fill: var(--soft); }
    svg .strong { font-weight: 600; }
    svg .halo { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round; }

    """

  private static let small = """
    @media screen and (max-width: 600px) {
      main { padding: 24px 16px 40px; }
      h1 { font-size: 26px; }
      .verdict { font-size: 16px; }
      section { margin-top: 36px; }
      .tiles { grid-template-columns: repeat(2, 1fr); gap: 8px; }
      .tile { padding: 10px 12px; }
      .number { font-size: 22px; }
      .wide { display: none; }
      .narrow { display: block; }
      dl div { display: block; margin-bottom: 6px; }
    }
    @media print {
      :root { --paper: #fff; }
      body { font-size: 11pt; }
      main { max-width: none; padding: 0; }
      section { margin-top: 22pt; }
      section:not(.layers), figure, tr, .tile { break-inside: avoid; }
      h2 { break-after: avoid; }
      .scroll { overflow: visible; }
      table { font-size: 8pt; }
      td.why { font-size: 7.5pt; }
      .screen { display: none; }
      * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    }

    """
}
