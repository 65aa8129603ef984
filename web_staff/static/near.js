// "The nearest first": asks the phone where it is. Without this script the list is there in its other orders.
const shown = document.querySelector(".near");
const button = shown?.querySelector("[data-near]");

if (button && "geolocation" in navigator) {
  shown.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const here = `${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)}`;
        location.assign(button.dataset.near + encodeURIComponent(here));
      },
      () => {
        button.disabled = false;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}
