// Keeps the pages of drafts that somebody opened, for reading without a line. Runs apart from the pages.
// The portal names what may be kept (header X-Keep-For-Offline) and whose page it is (header X-Reader): what one
// person read is forgotten as soon as a page comes for another, or for nobody.
const PAGES = "pages";
const READER = "reader"; // a cache of its own, which no limit on pages empties
const NOTE = "/reader";
const FILES = "files";
const MOST_PAGES = 80;
const NAMED_BY_CONTENT = /\.[0-9a-f]{12}\.\w+$/;
const fallbackOf = (url) => `/${url.pathname.split("/")[1]}/offline/`;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil((async () => {
  // An earlier worker kept its note among the pages: whose they are isn't known.
  if ((await noted()) === undefined) await caches.delete(PAGES);
  await self.clients.claim();
})()));

// One after the other: a page that comes late is not kept for who came meanwhile.
let queue = Promise.resolve();
const inTurn = (act) => (queue = queue.then(act, act));

async function noted() {
  return (await (await caches.open(READER)).match(NOTE))?.text();
}

const note = (reader) => inTurn(async () => {
  if ((await noted()) === reader) return;
  await caches.delete(PAGES);
  await (await caches.open(READER)).put(NOTE, new Response(reader));
});

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
  const kept = new Response(await response.blob(), { status: 200, headers });
  await inTurn(async () => { if ((await noted()) === headers.get("X-Reader")) await put(PAGES, request.url, kept); });
}

const saved = new Map(); // client -> when the page it shows was kept

async function page(event) {
  try {
    const response = await fetch(event.request);
    const reader = response.headers.get("X-Reader");
    if (reader !== null) {
      await note(reader).catch(() => null);
      if (response.ok && !response.redirected && response.headers.get("X-Keep-For-Offline")) event.waitUntil(keep(event.request, response.clone()));
    }
    return response;
  } catch (error) {
    const cache = await caches.open(PAGES);
    const kept = (await cache.match(event.request.url)) ?? (await cache.match(fallbackOf(new URL(event.request.url))));
    if (!kept || kept.headers.get("X-Reader") !== (await noted())) throw error;
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
  const { reader, fallback } = event.data ?? {};
  event.waitUntil((async () => {
    // A kept copy tells nothing new.
    if (typeof reader === "string" && !saved.has(event.source?.id)) await note(reader);
    if (fallback && !(await (await caches.open(PAGES)).match(fallback))) {
      const response = await fetch(fallback).catch(() => null);
      if (response?.ok) await keep({ url: new URL(fallback, self.location.origin).href }, response);
    }
    event.source?.postMessage({ keptAt: saved.get(event.source.id) ?? null });
  })());
});
