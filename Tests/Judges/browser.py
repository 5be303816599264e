"""Follows every link from a page in one headless Chromium, scripts included. Shares no code with Colophon.

Usage: browser.py ENTRY [TABS]. Prints one JSON object: pages (URL → where it ended), errors, seconds.

A link is what `a` and `area` elements have once the page's scripts have run. Links to other origins are left alone. What is wrong: a page or
anything that it loads that does not come with 200, a script that throws, a fragment that nothing on its page has, a link of a script that
leads nowhere.
"""
import collections
import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

# What a page is when its scripts have run.
LOOK = """(() => ({
  url: location.href,
  links: [...document.querySelectorAll("a[href], area[href]")].map((link) => link.href.baseVal ?? link.href),
  without: [...document.querySelectorAll("[data-later-href]:not([href])")].length,
  names: [...document.querySelectorAll("[id], a[name]")].flatMap((e) => [e.id, e.getAttribute("name")]).filter(Boolean),
}))()"""
PATIENCE = 20


class Chromium:
    """Speaks the DevTools protocol over a pipe: messages end with a zero byte."""

    def __init__(self, program):
        self.profile = tempfile.mkdtemp(prefix="colophon-browser-")
        self.to, theirs_in = os.pipe()[::-1]
        self.source, theirs_out = os.pipe()
        # The program expects its ends as descriptors 3 and 4.
        script = 'exec "$@" 3<&%d 4>&%d' % (theirs_in, theirs_out)
        options = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--disable-background-timer-throttling",
            "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows", "--no-proxy-server",
            "--user-data-dir=" + self.profile, "about:blank"]
        self.process = subprocess.Popen(
            ["bash", "-c", script, "bash", program] + options, pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.number, self.rest, self.answers, self.events = 0, b"", {}, collections.deque()

    def send(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self.number

    def read(self, seconds):
        """Takes in what has come; false where nothing has in so many seconds."""
        if not select.select([self.source], [], [], seconds)[0]:
            return False
        data = os.read(self.source, 1 << 20)
        if not data:
            raise SystemExit("Chromium ended")
        *messages, self.rest = (self.rest + data).split(b"\0")
        for text in messages:
            message = json.loads(text)
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.events.append(message)
        return True

    def ask(self, method, session=None, **parameters):
        number = self.send(method, session, **parameters)
        while number not in self.answers:
            if not self.read(PATIENCE):
                raise SystemExit("Chromium does not answer %s" % method)
        return self.answers.pop(number).get("result", {})

    def close(self):
        self.send("Browser.close")
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.profile, ignore_errors=True)


class Tab:
    def __init__(self, chromium):
        self.chromium = chromium
        target = chromium.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = chromium.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime"):
            chromium.ask(domain + ".enable", self.session)
        chromium.ask("Page.setDownloadBehavior", self.session, behavior="deny")
        self.url, self.at, self.looking, self.opening, self.since, self.is_blank = None, "about:blank", None, None, 0, False

    def open(self, url):
        self.url, self.looking, self.since = url, None, time.time()
        # Another fragment of the same page would load nothing.
        self.is_blank = self.at.partition("#")[0] == url.partition("#")[0]
        self.navigate("about:blank" if self.is_blank else url)

    def navigate(self, url):
        self.opening = self.chromium.send("Page.navigate", self.session, url=url)

    def look(self):
        self.looking = self.chromium.send("Runtime.evaluate", self.session, expression=LOOK, returnByValue=True)


class Crawl:
    def __init__(self, chromium, entry, tabs):
        self.chromium, self.entry = chromium, entry
        parts = urllib.parse.urlsplit(entry)
        self.origin = "%s://%s/" % (parts.scheme, parts.netloc)
        self.tabs = {tab.session: tab for tab in (Tab(chromium) for _ in range(tabs))}
        self.errors, self.pages, self.names, self.fragments = [], {}, {}, []
        self.sources = {entry: None}
        self.queue = collections.deque([entry])

    def run(self):
        while self.queue or any(tab.url for tab in self.tabs.values()):
            for tab in self.tabs.values():
                if not tab.url and self.queue:
                    tab.open(self.queue.popleft())
            self.chromium.read(0.2)
            while self.chromium.events:
                self.take(self.chromium.events.popleft())
            for tab in self.tabs.values():
                if tab.looking in self.chromium.answers:
                    answer = self.chromium.answers.pop(tab.looking)
                    tab.looking = None
                    self.seen(tab, answer.get("result", {}).get("result", {}).get("value"))
                if tab.opening in self.chromium.answers:
                    answer = self.chromium.answers.pop(tab.opening).get("result", {})
                    # What a browser does not show is saved: its status was seen, nothing loads.
                    if answer.get("isDownload") or answer.get("errorText") == "net::ERR_ABORTED":
                        self.pages[tab.url], tab.url = tab.url, None
                if tab.url and time.time() - tab.since > PATIENCE:
                    self.error(tab, "does not come to an end")
                    tab.url = None
        for link, source in self.fragments:
            page, _, fragment = link.partition("#")
            # A later link is followed by way of the front page; its fragment comes behind a question mark.
            if fragment.startswith("/"):
                path, _, fragment = fragment.partition("?")
                page += "#" + path
            names = self.names.get(self.pages.get(page), set())
            if fragment and fragment != "top" and not {fragment, urllib.parse.unquote(fragment)} & names:
                self.errors.append("%s: nothing has the name of %s" % (source, link))

    def error(self, tab, what):
        self.errors.append("%s (linked from %s): %s" % (tab.url, self.sources.get(tab.url), what))

    def take(self, event):
        tab, method, values = self.tabs.get(event.get("sessionId")), event["method"], event.get("params", {})
        if not tab or not tab.url:
            return
        if method == "Network.responseReceived" and values["response"]["status"] != 200:
            status, url = values["response"]["status"], values["response"]["url"]
            # An icon that no page names is asked for at the root, which is nobody's.
            if not url.endswith("/favicon.ico"):
                self.error(tab, "%s comes with %d" % (url, status))
        elif method == "Network.loadingFailed" and not values.get("canceled"):
            self.error(tab, "%s: %s" % (values.get("type"), values["errorText"]))
        elif method == "Runtime.exceptionThrown":
            self.error(tab, "a script throws: %s" % values["exceptionDetails"].get("text"))
        elif method == "Page.loadEventFired":
            if tab.is_blank:
                tab.is_blank = False
                tab.navigate(tab.url)
            else:
                tab.look()

    def seen(self, tab, page):
        # A page that sends its reader on is not where the link leads; the next one loads in a moment.
        if not page or "#/" in page["url"] or page["url"] == "about:blank":
            return
        tab.at = page["url"]
        here = page["url"].partition("#")[0]
        self.pages[tab.url] = here
        if page["without"]:
            self.error(tab, "%d links lead nowhere" % page["without"])
        self.names[here] = set(page["names"])
        for link in page["links"]:
            if not link.startswith(self.origin):
                continue
            page_url, _, fragment = link.partition("#")
            if fragment:
                self.fragments.append((link, here))
            if fragment.startswith("/"):
                page_url += "#" + fragment.partition("?")[0]
            if page_url not in self.sources:
                self.sources[page_url] = here
                self.queue.append(page_url)
        tab.url = None


def main():
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        raise SystemExit("there is no Chromium")
    chromium = Chromium(program)
    start = time.time()
    try:
        crawl = Crawl(chromium, sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 4)
        crawl.run()
    finally:
        chromium.close()
    print(json.dumps({"pages": crawl.pages, "errors": crawl.errors, "seconds": round(time.time() - start, 1)}))


if __name__ == "__main__":
    main()
