"""What the benchmarks share: finding the binary, running it, and measuring the whole process."""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def binary() -> pathlib.Path:
    """$JOULERY, or else the release build of the command line; built if it is not there."""
    if "JOULERY" in os.environ:
        return pathlib.Path(os.environ["JOULERY"])
    path = ROOT / ".build" / "release" / "joulery"
    if not path.exists():
        print("building the release binary …", file=sys.stderr)
        subprocess.run(["swift", "build", "-c", "release", "--product", "joulery"], cwd=ROOT, check=True)
    return path


def networks() -> pathlib.Path:
    """The folder of exported networks (scripts/export-networks)."""
    folder = pathlib.Path(os.environ.get("JOULERY_NETWORKS", ROOT / "networks"))
    if not folder.is_dir():
        sys.exit(f"error: no exported networks in {folder}; run scripts/export-networks first, or set JOULERY_NETWORKS")
    return folder


def data() -> pathlib.Path:
    """The folder of public data: $JOULERY_DATA, or ../shared/data beside the checkout."""
    folder = pathlib.Path(os.environ.get("JOULERY_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        sys.exit(f"error: no public data in {folder}; set JOULERY_DATA")
    return folder


def measure(command: list[str], environment: dict[str, str] | None = None) -> dict:
    """Runs a command once and returns its wall and processor seconds, its peak memory and its output."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode != 0:
            sys.exit(f"error: {' '.join(command)} ended with {process.returncode}:\n{errors.read().decode()}")
        return {
            "wall_seconds": wall,
            "cpu_seconds": usage.ru_utime + usage.ru_stime,
            "peak_bytes": usage.ru_maxrss * 1024,
            "output": output.read().decode(),
        }


def summary(runs: list[dict]) -> dict:
    """Minimum and median of the measured figures."""
    return {
        key: {"minimum": min(run[key] for run in runs), "median": statistics.median(run[key] for run in runs)}
        for key in ("wall_seconds", "cpu_seconds", "peak_bytes")
    }


def machine() -> dict:
    """What the figures were taken on."""
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    return {"processor": model, "cores": os.cpu_count(), "load_average": os.getloadavg()[0]}


def clean_cache() -> dict[str, str]:
    """An environment whose mapping cache is an empty folder."""
    return {"XDG_CACHE_HOME": tempfile.mkdtemp(prefix="joulery-cache-")}


def drop_cache(environment: dict[str, str]) -> None:
    shutil.rmtree(environment["XDG_CACHE_HOME"], ignore_errors=True)


def write(name: str, text: str) -> None:
    path = ROOT / "benchmarks" / "results" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    print(f"wrote {path.relative_to(ROOT)}", file=sys.stderr)


def dump(value: dict) -> str:
    return json.dumps(value, indent=2) + "\n"
