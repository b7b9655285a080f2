// Small comforts on every page; each of them works without this file.

// A menu closes on Escape, and the focus goes back to its name; it closes too when something else is chosen.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// On a phone the main links scroll sideways: the page that is open is in sight.
document.querySelector(".site-nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });

// What is wrong with a form is read first.
document.querySelector(".error-summary")?.focus();

// Sign-up and profile know the reader's zone before being told.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  if (!field.value) field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}

// Reading without a line: registers the worker that keeps pages, and says plainly when a page is a kept copy.
const { offlineText, reader } = document.body.dataset;
const language = document.documentElement.lang;

function say(keptAt) {
  const sign = document.createElement("p");
  sign.className = "notice notice--care wrap offline-sign";
  sign.setAttribute("role", "status");
  const when = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(new Date(keptAt));
  sign.textContent = `${offlineText} ${when}.`;
  document.querySelector("main")?.prepend(sign);
}

// On the page for "no line": what was kept.
async function list(place) {
  const cache = await caches.open("pages");
  for (const request of await cache.keys()) {
    const address = new URL(request.url);
    if (!address.pathname.includes("/guidelines/")) continue;
    const title = /<title>([^<]*)<\/title>/.exec(await (await cache.match(request)).text())?.[1] ?? address.pathname;
    const link = document.createElement("a");
    link.href = address.pathname + address.search;
    link.append(new DOMParser().parseFromString(title, "text/html").body.textContent);
    const item = document.createElement("li");
    item.append(link);
    place.append(item);
  }
  place.hidden = !place.children.length;
}

if ("serviceWorker" in navigator && offlineText) {
  navigator.serviceWorker.addEventListener("message", (event) => { if (event.data.keptAt) say(event.data.keptAt); });
  addEventListener("load", async () => {
    await navigator.serviceWorker.register("/sw.js").catch(() => null);
    const { active } = await navigator.serviceWorker.ready;
    (navigator.serviceWorker.controller ?? active)?.postMessage({ reader: reader ?? "", fallback: `/${language}/offline/` });
  });
  const place = document.querySelector("[data-kept-pages]");
  if (place) list(place);
}
