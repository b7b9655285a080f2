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

// A press on the mouse's button takes a tenth of a second: what it will ask for is asked when it begins.
let early = null;
document.addEventListener("pointerdown", (event) => {
  const link = event.button || event.pointerType !== "mouse" ? null : event.target.closest("a[data-voices]");
  early = link && !link.closest(".provision").querySelector(":scope > .voices") ? { address: link.href, part: fetchPart(link.href) } : null;
});

export async function openVoices(provision, address) {
  provision.ariaBusy = "true";
  const html = await (early?.address === address ? early.part : fetchPart(address));
  early = null;
  provision.ariaBusy = null;
  if (html === null) { location.assign(address); return null; }
  for (const other of document.querySelectorAll(".provision > .voices")) other.remove();
  const voices = put(null, html, provision);
  // Whoever came to write stands in the form already.
  if (!voices.contains(document.activeElement)) voices.focus({ preventScroll: true });
  return voices;
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-voices-more]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest(".voices").ariaBusy = "true";
  const html = await fetchPart(link.href);
  if (html === null) location.assign(link.href); else put(link.closest(".voices"), html).focus();
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  if (!form.matches(".provision > .voices form[data-in-place]")) return;
  event.preventDefault();
  const comment = form.closest(".comment");
  if (comment.ariaBusy === "true") return; // pressed once is enough
  comment.ariaBusy = "true";
  const html = await fetchPart(form.action, { method: "POST", body: new FormData(form, pressed) });
  if (html === null) { location.reload(); return; }
  put(comment, html);
  document.getElementById(pressed?.id)?.focus();
});
