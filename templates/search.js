// Searches the index that lies beside the search page: no server, no library. Works from a disk, where a page can load scripts and no data.
// The format of the index is described in Sources/Search/SearchIndex.swift; words are cut there as they are here.
var colophonSearch = (function () {
  "use strict";
  var index;
  var files = {};
  var waiting = {};

  // "Café-Haus" → ["cafe", "haus"]: lower case, Latin letters without accents, every two letters of scripts without spaces.
  var special = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ł: "l", þ: "th", ð: "d", ħ: "h", ı: "i", ŋ: "n", ŀ: "l", ĸ: "k", ſ: "s", ŉ: "n", ĳ: "ij" };
  var dense = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;

  function fold(text) {
    return text.normalize("NFC").toLowerCase().replace(/[\u0300-\u036f]/g, "").replace(/ς/g, "σ")
      .replace(/[\u00c0-\u017f\u1e00-\u1eff]/g, function (letter) {
        return special[letter] || letter.normalize("NFD").replace(/[\u0300-\u036f]/g, "");
      });
  }

  function words(text) {
    var found = [];
    (fold(text).match(/[\p{L}\p{N}\p{M}]+/gu) || []).forEach(function (run) {
      run.split(dense).forEach(function (word) { if (word.length > 1) found.push(word); });
      (run.match(dense) || []).forEach(function (letters) {
        letters = Array.from(letters);
        if (letters.length === 1) found.push(letters[0]);
        for (var i = 1; i < letters.length; i++) found.push(letters[i - 1] + letters[i]);
      });
    });
    return found.filter(function (word, place) { return found.indexOf(word) === place; });
  }

  function addScript(url, failed) {
    var script = document.createElement("script");
    script.src = url;
    script.onerror = failed;
    document.head.appendChild(script);
  }

  // Loads a file of the index once; `done` gets what is in it.
  function load(kind, number, done) {
    var name = kind + "-" + number + ".js";
    if (files[name]) return done(files[name]);
    if (waiting[name]) return waiting[name].push(done);
    waiting[name] = [done];
    addScript(name + "?" + index.version, function () { fail(name); });
  }

  function loaded(name, value) {
    files[name] = value;
    (waiting[name] || []).forEach(function (done) { done(value); });
    delete waiting[name];
  }

  function loadAll(kind, numbers, done) {
    var values = {};
    var left = numbers.length;
    if (!left) return done(values);
    numbers.forEach(function (number) {
      load(kind, number, function (value) {
        values[number] = value;
        if (--left === 0) done(values);
      });
    });
  }

  // The files that hold words that begin with `word`; the first one may hold the word itself.
  function filesOf(word) {
    var first = index.first;
    var low = 0;
    while (low + 1 < first.length && first[low + 1] <= word) low++;
    var numbers = first.length ? [low] : [];
    while (numbers.length < 4 && low + 1 < first.length && first[low + 1].startsWith(word)) numbers.push(++low);
    return numbers;
  }

  var digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  function eachPage(postings, visit) {
    var page = 0;
    for (var i = 0; i < postings.length; i += 2) {
      var distance = 0;
      for (var shift = 0; ; shift += 5, i++) {
        var digit = digits.indexOf(postings[i]);
        distance += (digit & 31) << shift;
        if (digit < 32) break;
      }
      page += distance;
      visit(page, digits.indexOf(postings[i + 1]));
    }
  }

  // Scores of the pages that have `word` or a word that begins with it; `isPartial` where not all such pages are known.
  function score(word, texts) {
    var result = { pages: new Map(), isPartial: false };
    texts.forEach(function (text) {
      var at = text.startsWith(word) ? 0 : text.indexOf("," + word) + 1;
      if (!at && !text.startsWith(word)) return;
      while (text.startsWith(word, at)) {
        var end = text.indexOf(",", at);
        if (end < 0) end = text.length;
        var space = text.indexOf(" ", at);
        var name = text.slice(at, space).split("!");
        var isWhole = name[0] === word;
        var postings = text.slice(space + 1, end);
        var count = name[1] ? +name[1] : postings.length / 2;
        if (name[1]) result.isPartial = true;
        // A rare word says more than one that is everywhere; a whole word more than the beginning of one.
        var rarity = Math.log(1 + index.pages / count) * (isWhole ? 1 : 0.4 * word.length / name[0].length);
        eachPage(postings, function (page, weight) {
          result.pages.set(page, Math.max(result.pages.get(page) || 0, weight * rarity));
        });
        at = end + 1;
        if (at > text.length) break;
      }
    });
    return result;
  }

  // Pages that have all words, the best first: an array of their numbers.
  function find(query, done) {
    var wanted = words(query);
    var numbers = wanted.map(filesOf);
    loadAll("words", [].concat.apply([], numbers).filter(function (n, i, all) { return all.indexOf(n) === i; }), function (texts) {
      var scores = wanted.map(function (word, i) { return score(word, numbers[i].map(function (n) { return texts[n]; })); });
      // Of words that are nearly everywhere not all pages are known, so they do not rule a page out.
      var needed = scores.filter(function (one) { return !one.isPartial; });
      var base = needed.length ? needed : scores;
      var total = new Map();
      base.forEach(function (one, i) {
        one.pages.forEach(function (value, page) {
          if (i === 0 || total.has(page)) total.set(page, (total.get(page) || 0) + value);
        });
        total.forEach(function (_, page) { if (!one.pages.has(page)) total.delete(page); });
      });
      if (needed.length) scores.forEach(function (one) {
        if (one.isPartial) one.pages.forEach(function (value, page) { if (total.has(page)) total.set(page, total.get(page) + value); });
      });
      var found = Array.from(total.keys()).sort(function (a, b) { return total.get(b) - total.get(a) || b - a; });
      done(found, wanted);
    });
  }

  // What is shown of some pages: [{url, title, excerpt, date}].
  function describe(pages, done) {
    var size = index.pagesPerFile;
    var numbers = pages.map(function (page) { return Math.floor(page / size); });
    loadAll("pages", numbers.filter(function (n, i) { return numbers.indexOf(n) === i; }), function (parts) {
      done(pages.map(function (page) {
        var row = parts[Math.floor(page / size)][page % size];
        return { url: row[0], title: row[1], excerpt: row[2], date: row[3] };
      }));
    });
  }

  // The search page.

  var form, field, status, list, more;
  var shown = 0;
  var found = [];
  var wanted = [];
  var run = 0;
  var timer;

  function fail(name) {
    if (status) status.textContent = form.dataset.failed.replace("%", name);
  }

  function element(name, className, text) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  // `text` with the words that were searched for in <mark>.
  function marked(parent, text) {
    text.split(/([\p{L}\p{N}\p{M}]+)/u).forEach(function (part) {
      var isHit = part && wanted.some(function (word) { return fold(part).startsWith(word); });
      parent.appendChild(isHit ? element("mark", "", part) : document.createTextNode(part));
    });
  }

  function showMore() {
    var number = run;
    describe(found.slice(shown, shown + 10), function (pages) {
      if (number !== run) return;
      pages.forEach(function (page) {
        var item = element("li", "post");
        var box = item.appendChild(element("div"));
        if (page.date) {
          var time = box.appendChild(element("p", "meta")).appendChild(element("time", "", page.date));
          time.dateTime = page.date;
        }
        var link = box.appendChild(element("h2")).appendChild(element("a"));
        link.href = page.url;
        marked(link, page.title);
        if (page.excerpt) marked(box.appendChild(element("p")), page.excerpt);
        list.appendChild(item);
      });
      shown += pages.length;
      more.hidden = shown >= found.length;
    });
  }

  function search() {
    var query = field.value.trim();
    var number = ++run;
    try { history.replaceState(null, "", query ? "?q=" + encodeURIComponent(query) : location.pathname); } catch (_) { /* not everywhere */ }
    find(query, function (pages, terms) {
      if (number !== run) return;
      found = pages;
      wanted = terms;
      shown = 0;
      list.textContent = "";
      more.hidden = true;
      var count = pages.length;
      var text = count === 0 ? form.dataset.none : count === 1 ? form.dataset.one : form.dataset.many;
      status.textContent = query ? text.replace("%", count) : "";
      if (count) showMore();
    });
  }

  function start() {
    form = document.getElementById("search");
    if (!form) return;
    field = form.elements.q;
    status = document.getElementById("search-status");
    list = document.getElementById("search-results");
    more = document.getElementById("search-more");
    // The index lies beside the page, wherever this script comes from.
    addScript("index.js", function () { fail("index.js"); });
  }

  function open(value) {
    index = value;
    if (!form) return;
    field.value = new URLSearchParams(location.search).get("q") || field.value;
    form.addEventListener("submit", function (event) { event.preventDefault(); search(); });
    field.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(search, 120); });
    more.addEventListener("click", showMore);
    if (field.value) search();
  }

  return {
    start: start,
    open: open,
    words: function (number, text) { loaded("words-" + number + ".js", text); },
    pages: function (number, rows) { loaded("pages-" + number + ".js", rows); },
    find: find,
    describe: describe,
    cut: words
  };
})();
if (typeof document !== "undefined") colophonSearch.start();
