() => {
  const wrong = [];
  const width = document.documentElement.clientWidth;
  const page = document.documentElement;
  if (page.scrollWidth > width) wrong.push(`the page scrolls sideways: ${page.scrollWidth}`);
  const name = (element) => `${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}.${element.getAttribute("class") ?? ""}`;
  const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true }) && !element.closest(".visually-hidden, .skip, [hidden], svg[aria-hidden]");
  const scrolls = (element) => {
    for (let e = element; e && e !== document.body; e = e.parentElement) if (/auto|scroll/.test(getComputedStyle(e).overflowX)) return e;
    return null;
  };
  const bar = (element) => {
    for (let e = element; e && e !== document.body; e = e.parentElement) if (getComputedStyle(e).position === "sticky") return e;
    return null;
  };
  const boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest("script, style, template, option, textarea") || !seen(element)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const scroller = scrolls(element);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      const said = node.data.trim().slice(0, 30);
      if (!scroller && (box.left < -1 || box.right > width + 1)) wrong.push(`cut off by the edge: ${name(element)} ${said}`);
      // Letters fill the middle of their line's box.
      boxes.push({ element, said, scroller, bar: bar(element), left: box.left, right: box.right, top: box.top + box.height * 0.25, bottom: box.bottom - box.height * 0.25 });
    }
    for (let e = element; e && e !== document.body && !scrolls(e); e = e.parentElement) {
      const style = getComputedStyle(e);
      if (/hidden|clip/.test(style.overflowX) && e.scrollWidth > e.clientWidth + 1 && e.clientWidth) { wrong.push(`clipped: ${name(e)} ${node.data.trim().slice(0, 30)}`); break; }
    }
  }
  boxes.sort((a, b) => a.top - b.top);
  const blockOf = (element) => { let e = element; while (getComputedStyle(e).display.startsWith("inline") && !/flex|grid|block/.test(getComputedStyle(e).display)) e = e.parentElement; return e; };
  for (let i = 0; i < boxes.length; i += 1) {
    for (let j = i + 1; j < boxes.length && boxes[j].top < boxes[i].bottom; j += 1) {
      const [a, b] = [boxes[i], boxes[j]];
      // A bar that stays at the edge of the window covers what scrolls below it.
      if (a.scroller !== b.scroller || a.bar !== b.bar) continue;
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 3 && high > 2 && blockOf(a.element) !== blockOf(b.element)) wrong.push(`over each other: ${name(a.element)} ${a.said} | ${name(b.element)} ${b.said}`);
    }
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea, button, .button")) {
    const box = field.getBoundingClientRect();
    if (seen(field) && box.width && !scrolls(field) && (box.left < -1 || box.right > width + 1)) wrong.push(`reaches over the edge: ${name(field)}`);
  }
  return [...new Set(wrong)];
}
