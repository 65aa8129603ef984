// Before and after on top of each other, with an edge that finger, mouse and keyboard move.
for (const figure of document.querySelectorAll(".compare")) {
  const edge = figure.querySelector("input");
  const frames = figure.querySelector(".frames");
  const move = () => figure.style.setProperty("--edge", `${edge.value}%`);
  const follow = ({ clientX }) => {
    const { left, width } = frames.getBoundingClientRect();
    edge.value = ((clientX - left) / width) * 100;
    move();
  };
  edge.addEventListener("input", move);
  frames.addEventListener("pointerdown", (event) => {
    frames.setPointerCapture(event.pointerId);
    follow(event);
  });
  frames.addEventListener("pointermove", (event) => {
    if (frames.hasPointerCapture(event.pointerId)) follow(event);
  });
  move();
  figure.hidden = false;
}
