"""The playground's figures, in Chromium: redrawing, training, and what they take of the page."""

import functools
import json
import statistics
import tempfile
from pathlib import Path

from benchmarks.measurement import Measurement

ROOT = Path(__file__).resolve().parent.parent

# Work on the main thread from a press of Step, or the slider's event, until everything is painted.
# Reading one pixel of each canvas at the end makes the browser finish the drawing that it would
# otherwise put off until after our clock has stopped.
ACT = """async ([what, count]) => {
  const range = document.querySelector('[data-control="weight"] input[type=range]');
  const step = document.querySelector('button[data-control="step"]');
  const acts = {
    step: () => step.click(),
    move(k) {
      range.value = Math.sin(k);
      range.dispatchEvent(new Event("input", { bubbles: true }));
    },
  };
  const canvases = [...document.querySelectorAll("canvas")];
  const inNextFrame = work => new Promise(done => requestAnimationFrame(() => {
    work();
    done(performance.now());
  }));
  const times = [];
  for (let k = 0; k < count; k++) {
    await inNextFrame(() => {});
    // Asked for before the widget asks and after it, so that its painting lies between the two.
    const before = inNextFrame(() => {});
    const start = performance.now();
    acts[what](k);
    const handled = performance.now() - start;
    const after = inNextFrame(() => {
      for (const canvas of canvases) canvas.getContext("2d").getImageData(0, 0, 1, 1);
    });
    times.push(handled + (await after) - (await before));
  }
  return times;
}"""

EPOCHS = """async ([sizes, epochs]) => {
  const { Network, Trainer } = await import("./engine.js");
  const { random } = await import("../shared/random.js");
  const tools = await import("./data.js");
  const { FEATURES, STREAMS, featureMatrix, generate, initialize } = tools;
  const network = new Network(sizes, "tanh");
  initialize(network, 0);
  const points = generate("circles", 250, 0.3, 0);
  const names = Object.keys(FEATURES).slice(0, sizes[0]);
  const target = Float64Array.from(points, (p) => p[2]);
  const data = { input: featureMatrix(names, points), target, count: 250 };
  const trainer = new Trainer(network, data, "binary_cross_entropy", random(0, STREAMS.batches));
  const settings = { batchSize: 10, learningRate: 0.03, l1: 0, l2: 0 };
  const times = [];
  for (let k = 0; k < epochs; k++) {
    const start = performance.now();
    trainer.run(settings, 1, Infinity);
    times.push(performance.now() - start);
  }
  return times;
}"""


LARGEST = {"hidden": [8] * 6, "features": 7}  # TensorFlow Playground's


def in_chromium(address, script, argument, ready="body"):
    from playwright.sync_api import sync_playwright

    from tools.chromium import FLAGS, find_chromium

    with sync_playwright() as playwright:
        # Modules are imported one by one here, which a page from the disk may only do when told so.
        flags = [*FLAGS, "--allow-file-access-from-files"]
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=flags)
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        page.goto(address)
        page.wait_for_selector(ready)
        result = page.evaluate(script, argument)
        browser.close()
    return result


def widget_page(widget, folder):
    """A file that holds the widget alone, as the book would hold it."""
    from ipywidgets.embed import dependency_state, embed_data

    shown = widget._repr_mimebundle_()[0]["text/html"]  # first: before it is shown it has no model
    needed = dependency_state([widget], drop_defaults=False)  # not every widget made before
    state = json.dumps(embed_data([widget], state=needed)["manager_state"])
    state = state.replace("</", r"<\/")
    host = ROOT / "nnlib" / "widgets" / "static" / "host.js"
    file = Path(folder) / "page.html"
    file.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><body style="max-width: 750px">'
        f"{shown}"
        f'<script type="application/vnd.jupyter.widget-state+json">{state}</script>'
        f'<script defer src="{host.as_uri()}"></script></body></html>',
        encoding="utf-8",
    )
    return file.as_uri()


def playground(hidden=(4, 2), features=2):
    """A network playground; as TensorFlow Playground's first network if nothing is said."""
    from nnlib.widgets import NetworkPlayground, data

    return NetworkPlayground(hidden=list(hidden), features=list(data.FEATURES)[:features])


def redraw(moves=120, what="move", **shape):
    """Milliseconds, median, from a move of a first-layer weight, or a "step", to all painted."""
    with tempfile.TemporaryDirectory() as folder:
        address = widget_page(playground(**shape), folder)
        times = in_chromium(address, ACT, [what, moves], ready='[data-control="weight"]')
    return statistics.median(times[20:])


@functools.cache
def main_thread(largest, seconds=5):
    """What playing at 60 epochs a second takes of the page's main thread.

    The share of its time, in percent, and its longest task, in milliseconds. Both are of the
    processor's time, so that other programs on the machine do not count.
    """
    from playwright.sync_api import sync_playwright

    from tools.chromium import FLAGS, find_chromium

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1200, "height": 1400})
        page.goto(widget_page(playground(**LARGEST if largest else {}), folder))
        page.click('button[data-control="play"]')
        page.wait_for_timeout(2000)  # until the browser has compiled what runs often
        browser.start_tracing(page=page, categories=["toplevel"])
        page.wait_for_timeout(1000 * seconds)
        events = json.loads(browser.stop_tracing())["traceEvents"]
        browser.close()
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    tasks = {}  # by process: the page's is the one that works
    for event in events:
        if names.get((event["pid"], event["tid"])) == "CrRendererMain" and "tdur" in event:
            if event["name"] == "ThreadControllerImpl::RunTask":
                tasks.setdefault(event["pid"], []).append(event["tdur"] / 1000)
    times = max(tasks.values(), key=sum)
    return sum(times) / (10 * seconds), max(times)


def training_step(sizes=(2, 4, 2, 1), epochs=200):
    """Milliseconds of one epoch over 250 points in batches of 10: the mean without the slowest
    tenth, since the browser's clock is too coarse for a median."""
    engine = ROOT / "nnlib" / "widgets" / "static" / "network" / "engine.js"
    times = in_chromium(engine.as_uri(), EPOCHS, [list(sizes), epochs])
    return statistics.mean(sorted(times[20:])[: (epochs - 20) * 9 // 10])


# TensorFlow Playground in milliseconds, measured in Chromium in turns with ours, medians of five:
# on its first network, and on the largest that it allows.
THEIR_EPOCH, THEIR_STEP_AND_REDRAW = (0.298, 2.59), (10.0, 111)

MEASUREMENTS = [
    Measurement("redraw after a weight moves, 2-8-8-1, all maps", 8, "ms",
           lambda: redraw(hidden=(8, 8))),
    Measurement("one step and its redraw, 2-4-2-1", THEIR_STEP_AND_REDRAW[0] / 5, "ms",
           lambda: redraw(what="step")),
    Measurement("one step and its redraw, 7-(8x6)-1", THEIR_STEP_AND_REDRAW[1] / 5, "ms",
           lambda: redraw(what="step", **LARGEST)),
    Measurement("main thread while playing, 7-(8x6)-1", 50, "%", lambda: main_thread(True)[0]),
    Measurement("longest task while playing, 7-(8x6)-1", 50, "ms", lambda: main_thread(True)[1]),
    Measurement("longest task while playing, 2-4-2-1", 16, "ms", lambda: main_thread(False)[1]),
    Measurement("training step (an epoch), 2-4-2-1", THEIR_EPOCH[0], "ms", training_step),
    Measurement("training step (an epoch), 7-(8x6)-1", THEIR_EPOCH[1], "ms",
           lambda: training_step((7, 8, 8, 8, 8, 8, 8, 1))),
]  # fmt: skip

if __name__ == "__main__":
    for figure in MEASUREMENTS:
        print(figure.line(figure.measure()), flush=True)
