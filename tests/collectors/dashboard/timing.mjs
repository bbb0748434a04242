// How long a reader waits: figures for the eye, never a limit, for the machine of a test is not the
// machine of a reader. Beside the time that passed stands the processor's own, which does not count
// what else the machine was doing.

// A function that makes a change (an address, or a click on a selector) and says how long it was
// until the second frame after it: then it is on the screen.
export async function stopwatch(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const busy = async () => (await session.send("Performance.getMetrics")).metrics.find((m) => m.name === "TaskDuration").value * 1000;
  return async (kind, value) => {
    const before = await busy();
    const passed = await page.evaluate(({ change, to }) => new Promise((done) => {
      const began = performance.now();
      if (change === "hash") location.hash = to;
      else document.querySelector(to).click();
      const seen = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
      if (change === "hash") window.addEventListener("hashchange", seen, { once: true });
      else seen();
    }), { change: kind, to: value });
    return `${passed.toFixed(0)} ms (${((await busy()) - before).toFixed(0)} of the processor)`;
  };
}

// Before a page is opened: has it note when the first picture is on the screen, in ms from the
// navigation.
export function notePicture(selector) {
  const look = () => {
    if (document.querySelector(selector)) requestAnimationFrame(() => requestAnimationFrame((now) => { window.pictureAt = now; }));
    else requestAnimationFrame(look);
  };
  look();
}
export const pictureAt = (page) => page.waitForFunction(() => window.pictureAt).then((handle) => handle.jsonValue());
