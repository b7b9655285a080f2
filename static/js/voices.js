// Voices open beside their provision and stay there while people take positions or turn the page. Every link and
// form in them works without this file, on a page of its own.
export async function fetchPart(address, options = {}) {
  const answer = await fetch(address, { ...options, headers: { "HX-Request": "true" } }).catch(() => null);
  // Somebody signed out meanwhile is led elsewhere: that is a page, and no part of this one.
  return answer?.ok && !answer.redirected ? answer.text() : null;
}

function put(old, html, within) {
  const made = document.createElement("template");
  made.innerHTML = html.trim();
  const part = made.content.firstElementChild;
  if (within) within.append(part); else old.replaceWith(part);
  part.dispatchEvent(new CustomEvent("voices:shown", { bubbles: true }));
  return part;
}

export async function openVoices(provision, address) {
  provision.setAttribute("aria-busy", "true");
  const html = await fetchPart(address);
  provision.removeAttribute("aria-busy");
  if (html === null) { location.assign(address); return null; }
  for (const other of document.querySelectorAll(".provision > .voices")) other.remove();
  const voices = put(null, html, provision);
  // Whoever marked words is in the form already, which hears of the voices first.
  if (!voices.contains(document.activeElement)) voices.focus({ preventScroll: true });
  return voices;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-voices-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const html = await fetchPart(link.href);
  if (html === null) location.assign(link.href); else put(link.closest(".voices"), html).focus();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  if (!form.matches(".provision > .voices form[data-in-place]")) return;
  event.preventDefault();
  const html = await fetchPart(form.action, { method: "POST", body: new FormData(form, pressed) });
  if (html === null) { location.reload(); return; }
  put(form.closest(".comment"), html);
  document.getElementById(pressed?.id)?.focus();
});
