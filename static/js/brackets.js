// Bracketed text can be copied whole; without this file it is downloaded, or selected by hand.
const button = document.querySelector("[data-copy-brackets]");
const text = document.querySelector("[data-brackets-text]");
if (button && text && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      document.querySelector("[data-copied]").hidden = false;
    } catch {
      getSelection().selectAllChildren(document.querySelector("[data-brackets]"));
    }
  });
}
