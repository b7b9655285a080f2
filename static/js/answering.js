// Templates of answers at the desk: t goes to the choice, and choosing one fills the form without leaving the page.
// Without this file the button beside the choice does the same through the server.
const desk = document.getElementById("desk");
const form = document.getElementById("answer-form");
const choice = form?.elements.namedItem("template");
const button = document.getElementById("use-template");
const texts = "textarea, select, input:not([type=radio]):not([type=checkbox])";
let filled = form?.elements.namedItem("response")?.value ?? "";

document.addEventListener("keydown", (event) => {
  if (event.key !== "t" || event.ctrlKey || event.metaKey || event.altKey || !choice) return;
  if (!desk.contains(event.target) || event.target.closest(texts)) return;
  event.preventDefault();
  choice.focus();
});

// What somebody typed is replaced when they press the button, and not by looking through the choice.
choice?.addEventListener("change", () => {
  const words = form.elements.namedItem("response").value;
  if (choice.value && (!words.trim() || words === filled)) fill();
});

button?.addEventListener("click", (event) => {
  if (!choice.value) return;
  event.preventDefault();
  fill();
});

async function fill() {
  try {
    const answer = await fetch(button.formAction, { method: "POST", body: new FormData(form) });
    if (!answer.ok) throw new Error(answer.status);
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    form.requestSubmit(button);
  }
}

function take(page) {
  const given = page.getElementById("answer-form");
  if (!given) return;
  for (const field of given.querySelectorAll("textarea[name^=response], [name=language], [name=fill]")) {
    const own = form.elements.namedItem(field.name);
    if (own) own.value = field.value;
  }
  for (const radio of given.querySelectorAll("[name=outcome]:checked"))
    form.querySelector(`[name=outcome][value="${radio.value}"]`).checked = true;
  for (const id of ["template-notes", "languages"])
    document.getElementById(id)?.replaceChildren(...page.getElementById(id).childNodes);
  const others = form.querySelector("details:has(textarea[name^=response_])");
  if (others && given.querySelector("details[open]:has(textarea[name^=response_])")) others.open = true;
  filled = form.elements.namedItem("response").value;
  form.elements.namedItem("response").focus();
}
