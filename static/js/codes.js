// Recovery codes can be printed and copied; without this file they are written down.
const bar = document.querySelector("[data-codes]");
if (bar) bar.hidden = false;

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

document.querySelector("[data-copy]")?.addEventListener("click", async (event) => {
  const items = document.getElementById(event.target.dataset.copy).querySelectorAll("li");
  try {
    await navigator.clipboard.writeText([...items].map((item) => item.textContent).join("\n"));
    document.querySelector("[data-copied]").hidden = false;
  } catch {
    getSelection().selectAllChildren(document.getElementById(event.target.dataset.copy));
  }
});
