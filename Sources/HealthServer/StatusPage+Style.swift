extension StatusPage {
    /// How the page looks: two themes by the reader's preference; every text has a contrast of 4.5 : 1 at least.
    static let style: HTML = HTML([colours, layout, content, narrow])

    private static let colours: HTML = """

        :root {
          color-scheme: light dark;
          --page: #f4f5f7; --panel: #fff; --ink: #171b22; --soft: #59626f; --line: #e1e4ea;
          --good: #136c3a; --good-soft: #e3f3ea; --good-bar: #4aa877;
          --notice: #7d4f00; --notice-soft: #fcf0d9; --notice-bar: #d9941f;
          --bad: #ad1f17; --bad-soft: #fce9e7; --bad-bar: #cf2e24;
          --idle-bar: #b9c0cb; --shadow: 0 1px 2px rgb(23 27 34 / 6%);
          --tone: var(--good); --tone-soft: var(--good-soft);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0d1015; --panel: #151a21; --ink: #e7ebf1; --soft: #98a3b3; --line: #272e39;
            --good: #5fd394; --good-soft: #10271b; --good-bar: #2f9560;
            --notice: #f0b955; --notice-soft: #2c2210; --notice-bar: #d9941f;
            --bad: #ff8a80; --bad-soft: #341614; --bad-bar: #ec5549;
            --idle-bar: #3d4653; --shadow: none;
          }
        }
        :root[data-tone=notice] { --tone: var(--notice); --tone-soft: var(--notice-soft); }
        :root[data-tone=bad] { --tone: var(--bad); --tone-soft: var(--bad-soft); }
        :root[data-tone=lost] { --tone: var(--soft); --tone-soft: var(--panel); }
        """

    private static let layout: HTML = """

        * { box-sizing: border-box; margin: 0; padding: 0; }
        html { background: var(--page); color: var(--ink); -webkit-text-size-adjust: 100%; }
        body {
          font: 0.9375rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", sans-serif;
          font-variant-numeric: tabular-nums; max-width: 74rem; margin: 0 auto; padding: 1.25rem 1.5rem 2rem;
          overflow-wrap: anywhere;
        }
        ul { list-style: none; }
        code { font: 0.84em ui-monospace, "SFMono-Regular", Menlo, "DejaVu Sans Mono", monospace; }
        a { color: inherit; text-underline-offset: 0.2em; }
        a:focus-visible { outline: 2px solid var(--tone); outline-offset: 2px; }
        .icon { width: 1em; height: 1em; fill: currentColor; flex: none; }
        .top, .foot { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem 1.5rem; }
        .top { align-items: center; margin-bottom: 1rem; }
        .top-facts, .foot { color: var(--soft); font-size: 0.8125rem; }
        .top-facts span + span::before { content: "·"; margin: 0 0.5em 0 0.25em; }
        .brand { display: flex; align-items: center; gap: 0.5rem; font-weight: 650; font-size: 1.0625rem; }
        .brand-mark { width: 1.5rem; height: 1.5rem; fill: currentColor; }
        .foot { margin-top: 1.25rem; }
        .lost {
          background: var(--bad); color: var(--page); font-weight: 600; padding: 0.75rem 1rem; border-radius: 0.5rem;
          margin-bottom: 1rem;
        }
        [data-tone=lost] #live { filter: grayscale(1); }
        .hero, .panel, .figures {
          background: var(--panel); border: 1px solid var(--line); border-radius: 0.625rem; box-shadow: var(--shadow);
        }
        .hero {
          background: var(--tone-soft); border-color: color-mix(in srgb, var(--tone) 35%, transparent);
          display: flex; gap: 1rem; padding: 1.25rem 1.5rem;
        }
        .hero-icon { color: var(--tone); font-size: 2.25rem; line-height: 1; padding-top: 0.125rem; }
        .hero-icon .icon { display: block; }
        .hero-text { min-width: 0; }
        h1 { font-size: 1.625rem; line-height: 1.3; font-weight: 680; letter-spacing: -0.01em; color: var(--tone); }
        #lead { display: grid; gap: 0.375rem; margin-top: 0.25rem; }
        .problems code { font-weight: 600; margin-right: 0.25em; }
        .shout {
          display: inline-flex; align-items: baseline; gap: 0.5rem; justify-self: start; color: var(--notice);
          background: var(--notice-soft); border: 1px dashed currentColor; border-radius: 0.375rem;
          padding: 0.25rem 0.625rem;
        }
        .shout .icon { align-self: center; }
        """

    private static let content: HTML = """

        .figures { display: grid; grid-template-columns: repeat(4, 1fr); margin-top: 1rem; }
        .figures div { padding: 0.75rem 1.5rem; border-left: 1px solid var(--line); }
        .figures div:first-child { border-left: 0; }
        dt { color: var(--soft); font-size: 0.8125rem; }
        dd { font-size: 1.25rem; font-weight: 600; line-height: 1.35; }
        dd small { color: var(--soft); font-size: 0.8125rem; font-weight: 400; }
        .panel { margin-top: 1rem; padding: 0.875rem 1.5rem; }
        h2 { font-size: 0.8125rem; font-weight: 600; color: var(--soft); margin-bottom: 0.25rem; }
        h3 { font-size: 1rem; font-weight: 620; line-height: 1.4; }
        h3 small { color: var(--soft); font-size: 0.8125rem; font-weight: 400; margin-left: 0.25rem; }
        .empty { color: var(--soft); padding: 0.375rem 0; }
        .dep {
          display: grid; grid-template-columns: minmax(19rem, 1.1fr) minmax(15rem, 1.2fr) minmax(16rem, 1.4fr);
          gap: 0.5rem 1.5rem; align-items: center; padding: 0.625rem 0; border-top: 1px solid var(--line);
        }
        .dep:first-child { border-top: 0; }
        .state { display: flex; flex-wrap: wrap; align-items: center; gap: 0.125rem 0.5rem; font-size: 0.875rem; }
        .pill { display: inline-flex; align-items: center; gap: 0.35rem; font-weight: 620; }
        .since, .dep-facts, .scale { color: var(--soft); }
        .dep-facts b { color: var(--ink); font-weight: 550; }
        .dep-facts { font-size: 0.875rem; }
        .dep .cause { color: var(--ink); font-weight: 550; }
        .up .pill { color: var(--good); }
        .down .pill, .down .cause { color: var(--bad); }
        .unknown .pill { color: var(--soft); }
        .up .cause { color: var(--notice); }
        .strip { display: block; width: 100%; height: 1.75rem; }
        .strip .u { fill: var(--good-bar); } .strip .p { fill: var(--notice-bar); }
        .strip .d { fill: var(--bad-bar); } .strip .n { fill: var(--idle-bar); }
        .scale { display: flex; justify-content: space-between; gap: 0.75rem; font-size: 0.75rem; margin-top: 0.125rem; }
        .pair { display: grid; grid-template-columns: minmax(0, 11fr) minmax(0, 12fr); gap: 0 1rem; }
        table { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
        th, td { text-align: left; vertical-align: baseline; padding: 0.3125rem 0.625rem 0.3125rem 0; }
        th:last-child, td:last-child { padding-right: 0; }
        td.tight, .wide { white-space: nowrap; max-width: 15rem; overflow: hidden; text-overflow: ellipsis; }
        thead th { color: var(--soft); font-weight: 400; font-size: 0.8125rem; }
        tbody tr { border-top: 1px solid var(--line); }
        tbody th { font-weight: 600; }
        td code { font-size: 0.8em; }
        td i { font-style: normal; color: var(--soft); }
        .mark { display: inline-flex; align-items: baseline; gap: 0.4rem; }
        .mark .icon { position: relative; top: 0.125em; }
        .mark.good .icon { color: var(--good); } .mark.bad .icon, .mark.bad { color: var(--bad); }
        .mark.idle .icon { color: var(--soft); }
        """

    private static let narrow: HTML = """

        @media (max-width: 60rem) {
          .pair { grid-template-columns: minmax(0, 1fr); }
          .dep { grid-template-columns: 1fr 1fr; }
          .dep-hour { grid-column: 1 / -1; }
        }
        @media (max-width: 40rem) {
          body { padding: 1rem 0.875rem 1.5rem; }
          .hero { padding: 1rem; gap: 0.75rem; }
          .hero-icon { font-size: 1.75rem; }
          h1 { font-size: 1.3125rem; }
          .panel { padding: 0.75rem 1rem; }
          .figures { grid-template-columns: 1fr 1fr; }
          .figures div { padding: 0.5rem 1rem; }
          .figures div:nth-child(odd) { border-left: 0; }
          .figures div:nth-child(n + 3) { border-top: 1px solid var(--line); }
          .dep { grid-template-columns: 1fr; gap: 0.25rem; }
          .wide { display: none; }
        }
        @media (prefers-reduced-motion: no-preference) {
          .hero, .hero-icon, h1 { transition: background-color 0.3s, color 0.3s, border-color 0.3s; }
        }
        @media (forced-colors: active) { .strip g { fill: CanvasText; } .strip .n { fill: GrayText; } }

        """
}
