// Keeps the pages of drafts that somebody opened, for reading without a line. Runs apart from the pages.
// The portal names what may be kept (header X-Keep-For-Offline); what one person read is forgotten with their session.
const PAGES = "pages";
const FILES = "files";
const MOST_PAGES = 80;
const NAMED_BY_CONTENT = /\.[0-9a-f]{12}\.\w+$/;
const fallbackOf = (url) => `/${url.pathname.split("/")[1]}/offline/`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function put(name, request, response) {
  const cache = await caches.open(name);
  await cache.put(request, response);
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - (name === PAGES ? MOST_PAGES : 4 * MOST_PAGES)))) await cache.delete(old);
}

// Bodies can be read once; the kept copy says when it was made.
async function keep(request, response) {
  const headers = new Headers(response.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  await put(PAGES, request.url, new Response(await response.blob(), { status: 200, headers }));
}

const saved = new Map(); // client -> when the page it shows was kept

async function page(event) {
  try {
    const response = await fetch(event.request);
    if (response.ok && !response.redirected && response.headers.get("X-Keep-For-Offline")) event.waitUntil(keep(event.request, response.clone()));
    return response;
  } catch (error) {
    const cache = await caches.open(PAGES);
    const kept = (await cache.match(event.request.url)) ?? (await cache.match(fallbackOf(new URL(event.request.url))));
    if (!kept) throw error;
    saved.set(event.resultingClientId, kept.headers.get("X-Kept-At"));
    return kept;
  }
}

async function file(event) {
  const cache = await caches.open(FILES);
  const kept = await cache.match(event.request);
  if (kept && NAMED_BY_CONTENT.test(new URL(event.request.url).pathname)) return kept;
  try {
    const response = await fetch(event.request);
    if (response.ok) event.waitUntil(put(FILES, event.request, response.clone()));
    return response;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(event));
});

// A page asks whether it is a kept copy; it says who reads, so that another's pages are forgotten.
self.addEventListener("message", (event) => {
  const { person, fallback } = event.data ?? {};
  event.waitUntil((async () => {
    const cache = await caches.open(PAGES);
    const before = await cache.match("/reader").then((kept) => kept?.text());
    if (before !== undefined && before !== person) await caches.delete(PAGES);
    if (before !== person) await (await caches.open(PAGES)).put("/reader", new Response(person));
    if (fallback && !(await (await caches.open(PAGES)).match(fallback))) {
      const response = await fetch(fallback).catch(() => null);
      if (response?.ok) await keep({ url: new URL(fallback, self.location.origin).href }, response);
    }
    event.source?.postMessage({ keptAt: saved.get(event.source.id) ?? null });
  })());
});
