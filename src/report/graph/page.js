
'use strict';
// Everything shown goes through textContent; nothing here makes markup from text.
(() => {
  // What the page holds: one entry a node in each list, -1 for no node, 0 for no text. See html.rs.
  const data = JSON.parse(document.getElementById('data').textContent);
  const count = data.names.length;
  const STRAY = count; // The row over everything that the product does not lead to.
  const ROW = 28; // Height of a row of the tree in pixels, as in page.css.
  const SPARE = 10; // Rows drawn beyond what is seen.
  const INDENTS = 16; // Levels beyond this one are not moved further right.
  const RESULTS = 100; // Results shown.
  const LINKS = 60; // Links shown before a button shows all.
  const PATH_START = 10; // Of a long path, the steps shown at its start
  const PATH_END = 30; // and at its end.
  const REVEALED = 400; // The deepest place in the tree that is opened by itself.

  const byId = (id) => document.getElementById(id);
  const tree = byId('tree');
  const rowsBox = byId('rows');
  const panel = byId('panel');
  const search = byId('search');
  const found = byId('found');
  const results = byId('results');
  const number = (value) => value.toLocaleString('en');
  const plural = (value, noun) => `${number(value)} ${noun}${value === 1 ? '' : 's'}`;

  function element(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children); // Strings become text.
    return made;
  }

  // --- the graph -----------------------------------------------------------------------------------------------

  // Groups 0..count by a key; of[key] gives a slice of the nodes in the order they came in.
  function group(nodes, keys, keyOf) {
    const starts = new Uint32Array(keys + 1);
    for (const node of nodes) starts[keyOf(node) + 1] += 1;
    for (let key = 0; key < keys; key += 1) starts[key + 1] += starts[key];
    const cursors = starts.slice();
    const sorted = new Uint32Array(nodes.length);
    for (const node of nodes) {
      sorted[cursors[keyOf(node)]] = node;
      cursors[keyOf(node)] += 1;
    }
    return (key) => sorted.subarray(starts[key], starts[key + 1]);
  }

  const carries = data.carries;
  const edges = Uint32Array.from(data.edges);
  const starts = new Uint32Array(count + 1);
  for (let node = 0; node < count; node += 1) starts[node + 1] = starts[node] + data.degrees[node];
  const dependencies = (node) => edges.subarray(starts[node], starts[node + 1]);

  const later = (make) => {
    let made;
    return () => (made ??= make());
  };
  const backward = later(() => {
    const sources = new Uint32Array(edges.length);
    for (let node = 0; node < count; node += 1) sources.fill(node, starts[node], starts[node + 1]);
    const numbers = Uint32Array.from(edges, (_, index) => index);
    const into = group(numbers, count, (index) => edges[index]);
    return (node) => Array.from(into(node), (index) => sources[index]);
  });
  const isReal = (node) => node < count && !(data.virtual && node === data.root);
  const dependents = (node) => backward()(node).filter(isReal);
  const cycleOf = later(() => {
    const cycles = new Map();
    for (const members of data.cycles) for (const node of members) cycles.set(node, members);
    return cycles;
  });
  const gatherLater = (pairs) => later(() => {
    const gathered = new Map();
    for (const [node, text] of pairs) gathered.set(node, [...(gathered.get(node) ?? []), text]);
    return gathered;
  });
  const dangling = gatherLater(data.dangling);
  const unstated = later(() => new Set(data.unstated));
  const ambiguous = later(() => new Set(data.ambiguous));

  const isReached = (node) => data.before[node] !== -1;
  const above = (node) => {
    if (node === data.root || node === STRAY) return -1;
    return isReached(node) ? data.dominator[node] : STRAY;
  };
  const inTree = (node) => node !== data.root;
  const heaviest = Uint32Array.from({ length: count }, (_, node) => node);
  heaviest.sort((a, b) => carries[b] - carries[a] || a - b);
  const children = group(heaviest.filter(inTree), count + 1, above);

  const nameOf = (node) => data.names[node];
  const versionOf = (node) => data.versions[node] || '';
  const labelOf = (node) => nameOf(node) + (versionOf(node) && `@${versionOf(node)}`);

  function pathTo(node) {
    const path = [];
    for (let at = node; at !== -1; at = at === data.root ? -1 : data.before[at]) path.push(at);
    if (data.virtual) path.pop();
    return path.reverse();
  }

  // --- the tree: only the rows in sight are in the page -----------------------------------------------------------

  let rows = []; // {node, level, place, of, open}, from top to bottom
  let current = -1; // The node that has the focus of the tree
  const top = [data.root, ...(children(STRAY).length > 0 ? [STRAY] : [])];
  rows = top.map((node, index) => ({ node, level: 1, place: index + 1, of: top.length, open: false }));

  function open(index) {
    const row = rows[index];
    const below = children(row.node);
    if (row.open || below.length === 0) return;
    row.open = true;
    const added = Array.from(below, (node, place) => (
      { node, level: row.level + 1, place: place + 1, of: below.length, open: false }));
    rows = rows.slice(0, index + 1).concat(added, rows.slice(index + 1));
  }

  function close(index) {
    const row = rows[index];
    if (!row.open) return;
    row.open = false;
    let end = index + 1;
    while (end < rows.length && rows[end].level > row.level) end += 1;
    if (rows.slice(index + 1, end).some((each) => each.node === current)) choose(row.node, false);
    rows.splice(index + 1, end - index - 1);
  }

  function drawRow(row, index) {
    const below = children(row.node).length;
    const item = element('div', {
      role: 'treeitem', id: `row${row.node}`, 'aria-level': row.level, 'aria-posinset': row.place, 'aria-setsize': row.of,
      'aria-selected': row.node === current,
    });
    item.style.top = `${index * ROW}px`;
    item.style.paddingLeft = `${8 + 18 * Math.min(row.level - 1, INDENTS)}px`;
    item.dataset.index = index;
    if (below > 0) item.setAttribute('aria-expanded', row.open);
    const twist = element('span', { class: 'twist', 'aria-hidden': 'true' });
    if (row.node === STRAY) {
      item.append(twist, element('span', { class: 'name' }, 'Not reached from the product'),
        element('span', { class: 'carries' }, number(below)));
      return item;
    }
    item.append(twist, element('span', { class: 'name' }, nameOf(row.node)));
    if (versionOf(row.node)) item.append(element('span', { class: 'version' }, versionOf(row.node)));
    if (carries[row.node] > 0) {
      const bar = element('i', {});
      bar.style.width = `${Math.max(2, 100 * carries[row.node] / Math.max(1, carries[data.root]))}%`;
      item.append(element('span', { class: 'carries' }, `carries ${number(carries[row.node])}`,
        element('span', { class: 'bar', 'aria-hidden': 'true' }, bar)));
    }
    return item;
  }

  function draw() {
    const first = Math.max(0, Math.floor(tree.scrollTop / ROW) - SPARE);
    const last = Math.min(rows.length, Math.ceil((tree.scrollTop + tree.clientHeight) / ROW) + SPARE);
    rowsBox.style.height = `${rows.length * ROW}px`;
    rowsBox.replaceChildren(...rows.slice(first, last).map((row, index) => drawRow(row, first + index)));
    const active = `row${current}`;
    if (byId(active)) tree.setAttribute('aria-activedescendant', active);
    else tree.removeAttribute('aria-activedescendant');
  }

  function bringIntoSight(index, middle) {
    rowsBox.style.height = `${rows.length * ROW}px`; // Else there is no such place to scroll to.
    const start = index * ROW;
    const outside = start < tree.scrollTop || start + ROW > tree.scrollTop + tree.clientHeight;
    if (!outside) return;
    if (middle) tree.scrollTop = start - tree.clientHeight / 2;
    else if (start < tree.scrollTop) tree.scrollTop = start;
    else tree.scrollTop = start + ROW - tree.clientHeight;
  }

  const indexOf = (node) => rows.findIndex((row) => row.node === node);

  // Opens the tree down to a node, unless it lies too deep to be of use there.
  function reveal(node) {
    const chain = [];
    for (let at = above(node); at !== -1 && chain.length <= REVEALED; at = above(at)) chain.push(at);
    if (chain.length > REVEALED) return;
    for (const each of chain.reverse()) open(indexOf(each));
    bringIntoSight(indexOf(node), true);
  }

  function choose(node, step) {
    current = node;
    drawPanel(node);
    if (node === STRAY) return;
    const address = `#c${node}`;
    if (step && location.hash !== address) location.hash = address; // Goes on in hashchange.
    else if (!step) {
      try { history.replaceState(null, '', address); } catch { /* Some viewers keep no history. */ }
    }
  }

  // --- the panel ---------------------------------------------------------------------------------------------------

  const link = (node) => element('a', { href: `#c${node}` }, labelOf(node));
  const item = (...content) => element('li', {}, ...content);

  function linkList(title, nodes) {
    if (nodes.length === 0) return [];
    const list = element('ul', nodes.length > 8 ? { class: 'columns' } : {});
    const show = (end) => list.replaceChildren(...Array.from(nodes).slice(0, end).map((node) => item(link(node))));
    show(LINKS);
    const parts = [element('h3', {}, `${title} (${number(nodes.length)})`), list];
    if (nodes.length > LINKS) {
      const more = element('button', { type: 'button' }, `Show all ${number(nodes.length)}`);
      more.addEventListener('click', () => {
        show(nodes.length);
        more.remove();
        list.querySelectorAll('a')[LINKS].focus();
      });
      parts.push(more);
    }
    return parts;
  }

  function pathList(node) {
    const path = pathTo(node);
    const list = element('ol', {});
    const steps = (part, from) => part.forEach((each, index) => {
      const step = item(each === node ? element('strong', {}, labelOf(each)) : link(each));
      step.style.marginLeft = `${14 * Math.min(from + index, INDENTS)}px`;
      list.append(step);
    });
    if (path.length <= PATH_START + PATH_END) {
      steps(path, 0);
    } else {
      steps(path.slice(0, PATH_START), 0);
      const gap = item(`… ${plural(path.length - PATH_START - PATH_END, 'step')} …`);
      gap.style.marginLeft = `${14 * PATH_START}px`;
      list.append(gap);
      steps(path.slice(-PATH_END), PATH_START + 1);
    }
    return [element('h3', {}, data.virtual ? 'A shortest path' : 'A shortest path from the product'), list];
  }

  function facts(pairs) {
    const list = element('dl', {});
    for (const [term, value] of pairs) {
      if (value !== '') list.append(element('dt', {}, term), element('dd', {}, value));
    }
    return list;
  }

  const notice = (text) => element('p', { class: 'notice' }, text);

  function dependencyParts(node) {
    if (dependencies(node).length > 0) return linkList('Depends on', dependencies(node));
    const silent = isReal(node) && unstated().has(node);
    return [element('h3', {}, 'Depends on'),
      element('p', {}, silent ? 'The document does not say.' : 'Nothing, says the document.')];
  }

  function drawPanel(node) {
    panel.scrollTop = 0;
    if (node === STRAY) {
      panel.replaceChildren(element('h2', {}, 'Not reached from the product'),
        element('p', {}, `No stated dependency leads from the product to ${plural(children(STRAY).length, 'component')}.`));
      return;
    }
    if (!isReal(node)) {
      panel.replaceChildren(element('h2', {}, nameOf(node)),
        element('p', {}, 'The document does not say what it describes. Here stands what nothing else in it leads to.'),
        ...linkList('Starts at', dependencies(node)));
      return;
    }
    const title = element('h2', {}, nameOf(node));
    if (versionOf(node)) title.append(' ', element('span', { class: 'version' }, versionOf(node)));
    const purl = data.purls[node] || '';
    const reference = data.references[node] || '';
    const dominator = data.dominator[node];
    const parts = [title, facts([
      ['Package URL', purl && element('code', {}, purl)],
      ['bom-ref', reference === purl ? '' : reference && element('code', {}, reference)],
      ['Type', data.kinds[node] === 0 ? 'library' : data.kinds[node]],
      ['Depth', isReached(node) ? number(pathTo(node).length - (data.virtual ? 0 : 1)) : 'not reached from the product'],
      ['Carries', carries[node] > 0 ? `${plural(carries[node], 'component')} would go with it` : 'nothing else'],
      ['Only through', dominator !== -1 && dominator !== data.root ? link(dominator) : ''],
    ])];
    if (ambiguous().has(node)) {
      parts.push(notice('An earlier component has the same bom-ref; what refers to it is taken to mean that one.'));
    }
    if (isReached(node) && node !== data.root) parts.push(...pathList(node));
    const cycle = cycleOf().get(node);
    if (cycle) parts.push(...linkList('In a cycle with', cycle.filter((each) => each !== node)));
    parts.push(...dependencyParts(node));
    const missing = dangling().get(node) ?? [];
    if (missing.length > 0) {
      parts.push(element('h3', {}, `Depends on what is not in the document (${number(missing.length)})`),
        element('ul', {}, ...missing.slice(0, LINKS).map((text) => item(element('code', {}, text)))));
    }
    const users = dependents(node);
    if (users.length === 0) parts.push(element('h3', {}, 'Used by'), element('p', {}, 'Nothing in this document.'));
    parts.push(...linkList('Used by', users));
    panel.replaceChildren(...parts);
  }

  // --- the search ----------------------------------------------------------------------------------------------------

  const haystack = later(() => {
    const texts = new Array(count);
    for (let node = 0; node < count; node += 1) {
      texts[node] = `${labelOf(node)}\n${data.purls[node] || ''}\n${data.references[node] || ''}`.toLowerCase();
    }
    return texts;
  });
  let active = -1; // The result that the arrow keys are on

  function find(text) {
    const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
    if (words.length === 0) return null;
    const texts = haystack();
    const hits = heaviest.filter((node) => isReal(node) && words.every((word) => texts[node].includes(word)));
    // Names that are what was typed come first, then names that start with it.
    const rank = (node) => {
      const name = nameOf(node).toLowerCase();
      if (name === words[0]) return 0;
      return name.startsWith(words[0]) ? 1 : 2;
    };
    const ranks = new Map(Array.from(hits, (node) => [node, rank(node)]));
    return { words, hits: Array.from(hits).sort((a, b) => ranks.get(a) - ranks.get(b)) };
  }

  function marked(text, word) {
    const at = text.toLowerCase().indexOf(word);
    if (at === -1 || text.toLowerCase().length !== text.length) return [text];
    return [text.slice(0, at), element('mark', {}, text.slice(at, at + word.length)), text.slice(at + word.length)];
  }

  function showResults() {
    const answer = find(search.value);
    active = -1;
    search.removeAttribute('aria-activedescendant');
    found.hidden = answer === null;
    search.setAttribute('aria-expanded', answer !== null);
    if (answer === null) return;
    const shown = answer.hits.slice(0, RESULTS);
    const rest = answer.hits.length - shown.length;
    byId('matches').textContent = rest > 0
      ? `${plural(answer.hits.length, 'component')}, the first ${RESULTS} shown`
      : plural(answer.hits.length, 'component');
    results.replaceChildren(...shown.map((node, index) => {
      const option = element('div', { role: 'option', id: `result${index}`, 'aria-selected': 'false' },
        ...marked(labelOf(node), answer.words[0]));
      option.dataset.node = node;
      if (data.purls[node]) option.append(element('small', {}, data.purls[node]));
      return option;
    }));
    found.scrollTop = 0;
  }

  function activate(index) {
    const options = results.children;
    if (options.length === 0) return;
    options[active]?.setAttribute('aria-selected', 'false');
    active = (index + options.length) % options.length;
    options[active].setAttribute('aria-selected', 'true');
    options[active].scrollIntoView({ block: 'nearest' });
    search.setAttribute('aria-activedescendant', options[active].id);
  }

  function hideResults() {
    found.hidden = true;
    search.setAttribute('aria-expanded', 'false');
    search.removeAttribute('aria-activedescendant');
  }

  function take(option) {
    if (!option) return;
    hideResults();
    go(Number(option.dataset.node));
    tree.focus();
  }

  search.addEventListener('input', showResults);
  search.addEventListener('focus', () => { if (search.value !== '') showResults(); });
  search.addEventListener('blur', hideResults);
  found.addEventListener('mousedown', (event) => event.preventDefault());
  results.addEventListener('click', (event) => take(event.target.closest('[role=option]')));
  search.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown') activate(active + 1);
    else if (event.key === 'ArrowUp') activate(active === -1 ? -1 : active - 1);
    else if (event.key === 'Enter') take(results.children[Math.max(active, 0)]);
    else if (event.key === 'Escape') {
      if (search.value === '') tree.focus();
      search.value = '';
      hideResults();
    } else return;
    event.preventDefault();
  });

  // --- keys and clicks: https://www.w3.org/WAI/ARIA/apg/patterns/treeview/ ------------------------------------------

  function go(node) {
    choose(node, true);
    reveal(node);
    draw();
  }

  function moveTo(index) {
    const at = Math.min(Math.max(index, 0), rows.length - 1);
    choose(rows[at].node, false);
    bringIntoSight(at, false);
    draw();
  }

  function toggle(index) {
    if (rows[index].open) close(index);
    else open(index);
    draw();
  }

  function startsWith(index, letter) {
    for (let step = 1; step <= rows.length; step += 1) {
      const at = (index + step) % rows.length;
      if (rows[at].node !== STRAY && nameOf(rows[at].node).toLowerCase().startsWith(letter)) return at;
    }
    return index;
  }

  tree.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const index = Math.max(0, indexOf(current));
    const row = rows[index];
    const page = Math.max(1, Math.floor(tree.clientHeight / ROW) - 1);
    const letter = event.key.toLowerCase();
    switch (event.key) {
      case 'ArrowDown': moveTo(index + 1); break;
      case 'ArrowUp': moveTo(index - 1); break;
      case 'PageDown': moveTo(index + page); break;
      case 'PageUp': moveTo(index - page); break;
      case 'Home': moveTo(0); break;
      case 'End': moveTo(rows.length - 1); break;
      case 'ArrowRight':
        if (row.open) moveTo(index + 1);
        else toggle(index);
        break;
      case 'ArrowLeft':
        if (row.open) toggle(index);
        else if (above(row.node) !== -1) moveTo(indexOf(above(row.node)));
        break;
      case ' ': toggle(index); break;
      case 'Enter': panel.focus(); break;
      default:
        if (event.key === '/' || [...event.key].length !== 1) return;
        moveTo(startsWith(index, letter));
    }
    event.preventDefault();
  });
  rowsBox.addEventListener('click', (event) => {
    const clicked = event.target.closest('[role=treeitem]');
    if (!clicked) return;
    const index = Number(clicked.dataset.index);
    if (event.target.closest('.twist') || event.detail === 2) toggle(index);
    else moveTo(index);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target === search) return;
    if (event.key === '/') {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === 'Escape') tree.focus();
  });

  let planned = false;
  const plan = () => {
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => { planned = false; draw(); });
  };
  tree.addEventListener('scroll', plan);
  window.addEventListener('resize', plan);

  function follow() {
    const match = /^#c(\d{1,10})$/.exec(location.hash);
    const node = match && Number(match[1]) < count ? Number(match[1]) : data.root;
    if (node === current) return;
    choose(node, false);
    reveal(node);
    draw();
  }
  window.addEventListener('hashchange', () => {
    follow();
    // The link that led here is gone.
    if (document.activeElement === document.body) panel.focus();
  });

  byId('app').hidden = false;
  byId('finder').hidden = false;
  open(0);
  if (rows.length === top.length) open(top.length - 1); // Nothing is known of the product: then of the rest.
  follow();
})();
