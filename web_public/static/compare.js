// Before and after on top of each other, with an edge that finger, mouse and keyboard move.
for (const figure of document.querySelectorAll(".compare")) {
  const edge = figure.querySelector("input");
  const move = () => figure.style.setProperty("--edge", `${edge.value}%`);
  edge.addEventListener("input", move);
  move();
  figure.hidden = false;
}
