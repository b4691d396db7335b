"""Waiting for what a page does, however slow the machine is. No test may fail because of that.

A page draws in its next frame, sends its events when it finds the time, and fades things in; on a
busy machine each may take seconds. So a test waits for a condition, never for a number of
milliseconds, unless to see that nothing happens.
"""

import time

SECONDS = 60  # patience with what takes a moment where nothing else runs

# Three frames: one draws, in the second a plot whose size has changed with it is drawn anew.
FRAMES = "for (let k = 0; k < 3; k++) await new Promise(requestAnimationFrame);"

# Asked in each frame: where all that moves is out of sight, no frame comes by itself, and no end.
AT_REST = f"""async () => {{
  {FRAMES}
  const moves = (a) => a.playState === "running" && a.effect.getComputedTiming().endTime < Infinity;
  while (document.getAnimations().some(moves)) await new Promise(requestAnimationFrame);
}}"""


def until(condition, page, seconds=SECONDS):
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"still not so after {seconds} s"
        page.wait_for_timeout(30)


def at_rest(page):
    """Wait until nothing in the page fades or moves any more."""
    page.evaluate(AT_REST)
