// The menu of languages closes as menus do: by Escape, and when focus or finger go elsewhere.
const menu = document.querySelector("details.languages");

for (const kind of ["focusin", "pointerdown"]) {
  document.addEventListener(kind, ({ target }) => {
    if (!menu.contains(target)) menu.open = false;
  });
}
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !menu.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
