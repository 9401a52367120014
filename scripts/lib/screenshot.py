"""Takes a picture of a page in Chromium and looks whether the page behaves; only the standard library is needed.

Speaks the DevTools protocol over a pair of pipes (file descriptors 3 and 4 of the browser, messages end in a NUL byte).
"""

import argparse
import base64
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse

DEADLINE_SECONDS = 60
# Run in the page: what a sighted reader would complain about.
AUDIT = r"""
(() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) found.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const numbers = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = numbers(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility() || element.closest("svg, script, style")) continue;
    const [a, b] = [light(numbers(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    const contrast = (a + 0.05) / (b + 0.05);
    if (contrast < 4.5) found.push(`contrast ${contrast.toFixed(2)} of "${text.slice(0, 40)}"`);
  }
  const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
  ids.filter((id, i) => ids.indexOf(id) !== i).forEach((id) => found.push(`id "${id}" twice`));
  return found;
})()
"""


class Browser:
    """A headless Chromium that ends with the `with` block."""

    def __init__(self, program, profile):
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        # Above 4, so that neither is overwritten before it is copied.
        to_browser, from_browser = (os.dup2(fd, 100 + fd) for fd in (to_browser, from_browser))

        def place_pipes():
            os.dup2(to_browser, 3)
            os.dup2(from_browser, 4)

        # Containers run as root, have a small /dev/shm, and no network is wanted but the page's.
        arguments = [
            program, "--headless", "--remote-debugging-pipe", f"--user-data-dir={profile}", "--no-first-run",
            "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb", "about:blank",
        ]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        self._process = subprocess.Popen(
            arguments, preexec_fn=place_pipes, close_fds=False, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self._buffer = b""
        self._sent = 0
        self._deadline = time.monotonic() + DEADLINE_SECONDS
        self.events = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # The browser and all of its children, which are in its own session.
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def call(self, method, session=None, **parameters):
        """Sends a command and returns its result."""
        self._sent += 1
        number = self._sent
        message = {"id": number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def wait(self, what, condition):
        """Takes in events until the condition holds."""
        while not condition():
            self._receive(what)

    def _receive(self, what="an answer"):
        while b"\0" not in self._buffer:
            left = self._deadline - time.monotonic()
            if left <= 0 or not select.select([self._in], [], [], left)[0]:
                raise RuntimeError(f"waited {DEADLINE_SECONDS} s for {what}")
            piece = os.read(self._in, 1 << 20)
            if not piece:
                raise RuntimeError("the browser ended")
            self._buffer += piece
        line, self._buffer = self._buffer.split(b"\0", 1)
        message = json.loads(line)
        if "method" in message:
            self.events.append(message)
        return message


def count(browser, method):
    return sum(event["method"] == method for event in browser.events)


def requests(browser):
    return [e["params"]["request"]["url"] for e in browser.events if e["method"] == "Network.requestWillBeSent"]


def complaints(browser, page):
    """What the browser's events say against the page."""
    origin = urllib.parse.urlsplit(page)[:2]
    for url in requests(browser):
        parts = urllib.parse.urlsplit(url)
        if parts.scheme != "data" and parts[:2] != origin:
            yield f"request to {url}"
    for event in browser.events:
        parameters = event["params"]
        if event["method"] == "Runtime.exceptionThrown":
            yield f"exception: {parameters['exceptionDetails'].get('text')}"
        elif event["method"] == "Runtime.consoleAPICalled" and parameters["type"] in ("error", "warning", "assert"):
            yield f"console: {[a.get('value', a.get('description')) for a in parameters['args']]}"
        elif event["method"] == "Log.entryAdded" and parameters["entry"]["level"] in ("error", "warning"):
            yield f"log: {parameters['entry']['text']}"
        elif event["method"] == "Network.loadingFailed":
            yield f"loading failed: {parameters.get('errorText')}"


def main():
    parser = argparse.ArgumentParser(prog="screenshot-status")
    parser.add_argument("url")
    parser.add_argument("picture")
    parser.add_argument("--browser", required=True)
    parser.add_argument("--phone", action="store_true")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--whole", action="store_true")
    parser.add_argument("--refreshes", type=int, default=0)
    options = parser.parse_args()
    width, height = (390, 844) if options.phone else (1280, 900)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, Browser(options.browser, profile) as browser:
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.call(f"{domain}.enable", session)
        browser.call(
            "Emulation.setDeviceMetricsOverride", session, width=width, height=height,
            deviceScaleFactor=2 if options.phone else 1, mobile=options.phone)
        browser.call(
            "Emulation.setEmulatedMedia", session, features=[
                {"name": "prefers-color-scheme", "value": "dark" if options.dark else "light"},
                {"name": "prefers-reduced-motion", "value": "reduce"}])
        loaded = browser.call("Page.navigate", session, url=options.url)
        if "errorText" in loaded:
            raise RuntimeError(f"{options.url}: {loaded['errorText']}")
        browser.wait("the page", lambda: count(browser, "Page.loadEventFired") > 0)
        fetched = lambda: sum(
            e["method"] == "Network.requestWillBeSent" and e["params"]["type"] == "Fetch" for e in browser.events)
        browser.wait("the page's refresh", lambda: fetched() >= options.refreshes)
        # A request more than is asked for may be under way; what counts is that those before are done.
        browser.wait(
            "the page's requests",
            lambda: count(browser, "Network.loadingFinished") + count(browser, "Network.loadingFailed")
            >= 1 + options.refreshes)
        audit = browser.call("Runtime.evaluate", session, expression=AUDIT, returnByValue=True)["result"]
        shot = browser.call("Page.captureScreenshot", session, format="png", captureBeyondViewport=options.whole)
        with open(options.picture, "wb") as file:
            file.write(base64.b64decode(shot["data"]))
        problems = list(complaints(browser, options.url)) + audit.get("value", [str(audit)])
        headline = browser.call(
            "Runtime.evaluate", session, expression="document.querySelector('h1')?.textContent",
            returnByValue=True)["result"].get("value")
        print(json.dumps({"headline": headline, "requests": requests(browser), "problems": problems}, indent=1))
    return 1 if problems else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except RuntimeError as error:
        sys.exit(f"screenshot-status: {error}")
