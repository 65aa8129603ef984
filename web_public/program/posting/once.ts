/** Things are done once, one at a time, and in time: what a button does above all, however often it is pressed. */

/** The button stays where it is and keeps the focus: one that is disabled would lose it. */
export function onPress(button: HTMLElement, work: () => unknown): void {
  button.onclick = () => void pressed(button, work);
}

/** False: it is being done already. */
export async function pressed(button: HTMLElement, work: () => unknown): Promise<boolean> {
  if (button.ariaBusy === "true") return false;
  button.ariaBusy = "true";
  try {
    await work();
  } finally {
    button.ariaBusy = "false";
  }
  return true;
}

/** `draw` that never runs twice at once; asked for meanwhile, once more afterwards. */
export function oneAtATime(draw: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let isAskedAgain = false;
  const run = async () => {
    do {
      isAskedAgain = false;
      await draw();
    } while (isAskedAgain);
  };
  return () => {
    isAskedAgain = true;
    running ??= run().finally(() => (running = null));
    return running;
  };
}

/** Rejects where the work has not been done within so many milliseconds. */
export async function inTime<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let alarm = 0;
  const late = new Promise<never>((_, reject) => {
    alarm = window.setTimeout(() => reject(new Error("it takes too long")), milliseconds);
  });
  return Promise.race([work(), late]).finally(() => clearTimeout(alarm));
}
