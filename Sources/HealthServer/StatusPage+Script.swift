extension StatusPage {
    /// Fetches the page again and again and puts in what changed; says so when no answer comes.
    ///
    /// The headline's element stays, so that a screen reader hears it when its text changes, and only then.
    static let script: HTML = """

        (() => {
          "use strict";
          const period = 5000, limit = 4000;
          const $ = (id, root = document) => root.getElementById(id);
          const two = (n) => String(n).padStart(2, "0");
          let lastAnswer = Date.now(), timer = 0;

          function span(ms) {
            const s = Math.round(ms / 1000);
            return s < 120 ? s + " s" : s < 7200 ? Math.floor(s / 60) + " min" : Math.floor(s / 3600) + " h";
          }
          function isSelecting() {
            const selection = document.getSelection();
            return selection && !selection.isCollapsed;
          }
          function show(next) {
            document.title = next.title;
            document.documentElement.dataset.tone = next.documentElement.dataset.tone;
            $("favicon").href = $("favicon", next).getAttribute("href");
            const said = $("headline", next).textContent;
            if ($("headline").textContent !== said) $("headline").textContent = said;
            const parts = ["facts", "hero-icon", "lead", "age"].concat(isSelecting() ? [] : ["live"]);
            for (const id of parts) $(id).replaceChildren(...$(id, next).childNodes);
          }
          function noAnswer() {
            const at = new Date(lastAnswer);
            const clock = two(at.getUTCHours()) + ":" + two(at.getUTCMinutes()) + ":" + two(at.getUTCSeconds());
            $("lost").textContent = "The builder has not answered since " + clock + " UTC, " +
              span(Date.now() - lastAnswer) + ". What is below is from then.";
            $("lost").hidden = false;
            document.documentElement.dataset.tone = "lost";
          }
          async function refresh() {
            const abort = new AbortController();
            const alarm = setTimeout(() => abort.abort(), limit);
            try {
              const answer = await fetch(location.pathname, {
                headers: { Accept: "text/html" }, cache: "no-store", signal: abort.signal });
              if (!answer.ok) throw new Error(String(answer.status));
              show(new DOMParser().parseFromString(await answer.text(), "text/html"));
              lastAnswer = Date.now();
              $("lost").hidden = true;
            } catch {
              noAnswer();
            } finally {
              clearTimeout(alarm);
              plan();
            }
          }
          function plan() {
            clearTimeout(timer);
            if (!document.hidden) timer = setTimeout(refresh, period);
          }
          document.addEventListener("visibilitychange", () => document.hidden ? clearTimeout(timer) : refresh());
          plan();
        })();

        """
}
