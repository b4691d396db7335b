"""Find a Chromium for the browser tests; as a script, install one where there is none.

Looked for in this order: one on the PATH, one that Playwright downloaded before. Installed in
this order: Debian's package where we are root, Playwright's own download. A headless shell, which
is Chromium without a window, comes first: it opens a page in three quarters of the time.
"""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
NAMES = [SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
# Its address bar's panels are pages too, which take ten times as long to load as ours. Of this
# switch the last one counts, so what Playwright turns off by it is turned off here as well.
OFF = ["WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup", "AimEnabled",
       "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
       "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding",
       "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying",
       "PreconnectToSearch",
       "SpareRendererForSitePerProcess"]  # a process for a page that may never come
# No sandbox: it cannot start for root. The rest keeps Chromium's own requests out of the tests.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", f"--disable-features={','.join(OFF)}"]


def starts(path):
    """Ubuntu's `chromium-browser` may only point to a snap, a download be half there: we try."""
    try:
        subprocess.run([path, "--version"], capture_output=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def find_chromium():
    """The path of a Chromium that starts, else None."""
    for name in NAMES:
        path = shutil.which(name)
        if path and starts(path):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if starts(path) else None


def install_chromium():
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        subprocess.call(["apt-get", "update", "-qq"], env=environment)
        for name in [SHELL, "chromium"]:  # Debian has both
            subprocess.call(["apt-get", "install", "-y", "-qq", "--no-install-recommends", name],
                            env=environment, stdout=subprocess.DEVNULL)
            if find_chromium():
                return
    subprocess.call([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    if not find_chromium():
        print("No Chromium yet; installing one for the browser tests.", flush=True)
        install_chromium()
    path = find_chromium()
    if not path:
        sys.exit("The browser tests need Chromium and could not install it. Install one so that "
                 f"one of {', '.join(NAMES)} is on the PATH, then run make test again.")
    print(f"Browser tests use {path}")
