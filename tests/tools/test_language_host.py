"""The language host by itself, over gRPC, and under the real CLI."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import pytest
from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import language_pb2 as language
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeStub

ROOT = Path(__file__).resolve().parents[2]
CLI = ROOT / ".pulumi" / "bin" / "pulumi"
SECONDS = 20

# Stands in for pulumi-language-python-exec: runs the program it is given, with a child of its own where asked to hang.
EXECUTOR = """
import json, os, subprocess, sys, time
program = sys.argv[sys.argv.index("--pwd") + 1]
with open(os.path.join(program, "ran.json"), "w") as ran:
    json.dump({"args": sys.argv[1:], "config": os.environ["PULUMI_CONFIG"], "cwd": os.getcwd()}, ran)
if os.path.exists(os.path.join(program, "hang")):
    child = subprocess.Popen(["sleep", "600"])
    with open(os.path.join(program, "pids.new"), "w") as pids:
        pids.write(f"{os.getpid()} {child.pid}")
    os.rename(os.path.join(program, "pids.new"), os.path.join(program, "pids"))
    time.sleep(600)
sys.exit(int(open(os.path.join(program, "code")).read()))
"""


class Host:
    """A running language host and a client of it."""

    def __init__(self, folder: Path) -> None:
        (folder / "executor.py").write_text(EXECUTOR)
        command = [sys.executable, ROOT / "tools" / "language_host.py", folder / "executor.py", "127.0.0.1:1"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())
        self.client = LanguageRuntimeStub(grpc.insecure_channel(f"127.0.0.1:{self.port}"))

    def stop(self, by: signal.Signals) -> tuple[int, str]:
        """Ends the host; its exit code and whatever it still had to say."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, out + err


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    host = Host(tmp_path)
    yield host
    with contextlib.suppress(ProcessLookupError):
        host.process.kill()
        host.process.communicate(timeout=SECONDS)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def info(project: Path, virtualenv: str | None = None) -> language.ProgramInfo:
    options = Struct()
    if virtualenv:
        options.update({"virtualenv": virtualenv})
    return language.ProgramInfo(
        root_directory=str(project), program_directory=str(project), entry_point=".", options=options
    )


def hanging(project: Path) -> Callable[[], list[int]]:
    """Makes the next program of `project` hang; the result waits for it and says which processes it is."""
    (project / "hang").touch()

    def pids() -> list[int]:
        wait_until((project / "pids").exists)
        return [int(pid) for pid in (project / "pids").read_text().split()]

    return pids


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Ended, or waiting for whoever adopted it to notice."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return True
    except FileNotFoundError:  # ended since, or a system without /proc: the next look says which
        return False
    return state.rpartition(")")[2].split()[0] == "Z"


def test_it_answers_on_the_port_that_it_prints(host: Host) -> None:
    version = host.client.GetPluginInfo(Empty(), timeout=SECONDS).version

    assert version.split(".")[0] == "3"


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_without_a_word(host: Host, by: signal.Signals) -> None:
    assert host.stop(by) == (0, "")


@pytest.mark.parametrize(
    ("code", "error", "bail"), [(0, "", False), (32, "", True), (3, "Program exited with non-zero exit code: 3", False)]
)
def test_the_engine_learns_how_a_program_ended(host: Host, project: Path, code: int, error: str, bail: bool) -> None:
    (project / "code").write_text(str(code))

    ended = host.client.Run(language.RunRequest(info=info(project)), timeout=SECONDS)

    assert (ended.error, ended.bail) == (error, bail)


def test_a_program_is_given_its_stack_and_its_configuration(host: Host, project: Path) -> None:
    (project / "code").write_text("0")
    request = language.RunRequest(
        info=info(project),
        project="madebuy",
        stack="prod",
        dryRun=True,
        parallel=8,
        config={"madebuy:profile": "hardened"},
    )

    host.client.Run(request, timeout=SECONDS)

    ran = json.loads((project / "ran.json").read_text())
    given = dict(zip(ran["args"][:-1:2], ran["args"][1::2], strict=True))
    assert (given["--project"], given["--stack"]) == ("madebuy", "prod")
    assert (given["--dry_run"], given["--parallel"], given["--root_directory"]) == ("true", "8", str(project))
    assert json.loads(ran["config"]) == {"madebuy:profile": "hardened"}
    assert ran["cwd"] == str(project)


def test_cancel_kills_the_program_and_what_it_started(host: Host, project: Path) -> None:
    pids = hanging(project)
    with ThreadPoolExecutor() as pool:
        run = pool.submit(host.client.Run, language.RunRequest(info=info(project)), timeout=SECONDS)
        started = pids()
        host.client.Cancel(Empty(), timeout=SECONDS)
        ended = run.result(SECONDS)

    assert ended.bail
    for pid in started:
        wait_until(lambda pid=pid: gone(pid))


def test_the_end_of_the_call_kills_the_program(host: Host, project: Path) -> None:
    pids = hanging(project)
    call = host.client.Run.future(language.RunRequest(info=info(project)))
    started = pids()

    call.cancel()

    for pid in started:
        wait_until(lambda pid=pid: gone(pid))


def test_a_program_does_not_outlive_the_host(host: Host, project: Path) -> None:
    pids = hanging(project)
    call = host.client.Run.future(language.RunRequest(info=info(project)))
    started = pids()

    host.stop(signal.SIGTERM)

    assert call.exception(SECONDS)
    for pid in started:
        wait_until(lambda pid=pid: gone(pid))


def test_the_host_does_not_outlive_the_engine(tmp_path: Path) -> None:
    (tmp_path / "executor.py").write_text(EXECUTOR)
    command = f"{sys.executable} {ROOT}/tools/language_host.py {tmp_path}/executor.py 127.0.0.1:1 & echo $!; sleep 600"
    engine = subprocess.Popen(["sh", "-c", command], stdout=subprocess.PIPE, text=True, start_new_session=True)
    host = int(engine.stdout.readline())
    assert int(engine.stdout.readline())  # its port: it serves

    engine.kill()

    wait_until(lambda: gone(host))
    with contextlib.suppress(ProcessLookupError):
        os.killpg(engine.pid, signal.SIGKILL)


def test_a_plugins_output_and_exit_code_come_through(host: Host, project: Path) -> None:
    (project / "__main__.py").write_text("import sys; print(sys.argv[1]); print('oh', file=sys.stderr); sys.exit(4)")
    request = language.RunPluginRequest(info=info(project), args=["an argument"], kind="resource")

    said = list(host.client.RunPlugin(request, timeout=SECONDS))

    assert b"".join(part.stdout for part in said) == b"an argument\n"
    assert b"".join(part.stderr for part in said) == b"oh\n"
    assert said[-1].exitcode == 4


@pytest.mark.parametrize("virtualenv", [".venv", "../.venv"])
def test_a_missing_environment_is_named_with_what_to_do(host: Host, project: Path, virtualenv: str) -> None:
    expected = (project / virtualenv).resolve() / "bin" / "python"

    ended = host.client.Run(language.RunRequest(info=info(project, virtualenv)), timeout=SECONDS)

    assert ended.error == f"the project's virtualenv has no {expected}; `make preview` creates it"


def test_it_names_the_plugins_of_the_sdks_in_the_projects_environment(host: Host, project: Path) -> None:
    request = language.GetRequiredPackagesRequest(info=info(project, sys.prefix))

    packages = host.client.GetRequiredPackages(request, timeout=SECONDS).packages

    found = {package.name: (package.version, package.server) for package in packages}
    assert found["cloudflare"][0].startswith("6.")
    assert found["upstash"][1].startswith("github://")


@pytest.mark.engine
@pytest.mark.parametrize(
    ("program", "code", "said"),
    [
        ("import pulumi; pulumi.export('answer', pulumi.Config().require_int('half') * 2)", 0, "answer: 42"),
        ("import pulumi; raise pulumi.RunError('one thing is wrong')", 1, "error: one thing is wrong\n"),
    ],
    ids=["a program that works", "a program that refuses"],
)
def test_the_real_cli_runs_a_program_through_it(tmp_path: Path, program: str, code: int, said: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "Pulumi.yaml").write_text(
        f"name: tiny\nruntime:\n  name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
    )
    (project / "__main__.py").write_text(program)
    env = {
        **os.environ,
        "PULUMI_BACKEND_URL": f"file://{tmp_path}",
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_HOME": str(tmp_path / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }

    def pulumi(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [CLI, "--non-interactive", *arguments]
        return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, check=False)

    assert pulumi("stack", "init", "dev").returncode == 0
    assert pulumi("config", "set", "half", "21").returncode == 0
    started = time.monotonic()
    preview = pulumi("preview")

    assert (preview.returncode, said in preview.stdout) == (code, True), preview.stdout + preview.stderr
    assert "Traceback" not in preview.stdout + preview.stderr
    assert time.monotonic() - started < 10, "the CLI waited for a child that should have been killed"
