// Offers the interactive map. Its program is large, so it is loaded when somebody asks for it.
const button = document.getElementById("map-open");
const data = document.getElementById("map-data");

async function open() {
  button.disabled = true;
  const facts = JSON.parse(data.textContent);
  try {
    const { show } = await import(facts.program);
    await show(facts);
    button.parentElement.remove();
  } catch (error) {
    document.getElementById("map-note").textContent = facts.words.failed;
    button.disabled = false;
    throw error;
  }
}

if (button && data) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await open();
    document.querySelector("#map-stage canvas").focus(); // the button, which had the focus, is gone
  });
  if (location.hash === "#map") open();
}
