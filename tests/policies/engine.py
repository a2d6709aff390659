"""The real CLI over the echo provider, with the pack on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.policies.described import Described, as_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
VENDORS = ("aws", "cloudflare", "command", "doppler", "mongodbatlas", "random", "tls", "upstash")


@dataclass(frozen=True)
class Outcome:
    """What the CLI said: its exit code, its text, and each finding of the event stream."""

    code: int
    text: str
    findings: tuple[dict[str, Any], ...]

    @property
    def blocking(self) -> Counter[str]:
        """Rule -> how often it blocked."""
        return Counter(one["policyName"] for one in self.findings if one["enforcementLevel"] == "mandatory")

    @property
    def advisory(self) -> Counter[str]:
        """Rule -> how often it advised."""
        return Counter(one["policyName"] for one in self.findings if one["enforcementLevel"] == "advisory")


class Engine:
    """A Pulumi home and file backend in a folder of their own."""

    def __init__(self, home: Path, port: int) -> None:
        self._home = home
        state = home / "state"
        state.mkdir(parents=True)
        self._env = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "PULUMI_HOME": str(home / "pulumi"),
            "PULUMI_BACKEND_URL": state.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(f"{vendor}:{port}" for vendor in VENDORS),
            "PULUMI_DEBUG_COMMANDS": "1",
        }
        tools = ROOT / ".pulumi" / "bin"
        self._env["PATH"] = f"{tools}:{self._env['PATH']}"
        self._cli = str(tools / "pulumi")

    def run(
        self,
        resources: Iterable[Described],
        *,
        stack: str = "prod",
        config: Mapping[str, Any] | None = None,
        outputs: Mapping[str, Any] | None = None,
        tags: Mapping[str, str] | None = None,
        command: str = "preview",
    ) -> Outcome:
        """Preview (or up) a program that registers these resources."""
        project = self.project(resources, outputs or {})
        self.cli(project, "stack", "select", "--create", stack)
        for name, value in (tags or {}).items():
            self.cli(project, "stack", "tag", "set", name, value)
        self.events = project / "events.json"
        log = ["--event-log", str(self.events)]
        arguments = [command, "--non-interactive", "--color=never", *log, *self._pack(config)]
        done = self.cli(project, *arguments, *(["--yes", "--skip-preview"] if command == "up" else []), check=False)
        for name in tags or {}:
            self.cli(project, "stack", "tag", "rm", name)
        return Outcome(done.returncode, done.stdout + done.stderr, tuple(_findings(self.events)))

    def preview(self, project: Path, packs: Sequence[Path], events: Path | None = None) -> Outcome:
        """Preview a project that is there already, under several packs."""
        chosen = [argument for pack in packs for argument in ("--policy-pack", str(pack))]
        log = ["--event-log", str(events)] if events else []
        done = self.cli(project, "preview", "--non-interactive", "--color=never", *log, *chosen, check=False)
        return Outcome(done.returncode, done.stdout + done.stderr, tuple(_findings(events)) if events else ())

    def analyze(self, project: Path, state: Path, config: Mapping[str, Any] | None = None) -> Outcome:
        """Judge an exported state."""
        done = self.cli(project, "policy", "analyze", "--json", "--file", str(state), *self._pack(config), check=False)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        found = tuple(event["policyEvent"] for event in events if "policyEvent" in event)
        return Outcome(done.returncode, done.stdout + done.stderr, found)

    def project(self, resources: Iterable[Described], outputs: Mapping[str, Any]) -> Path:
        """A folder with the raw program and what it registers."""
        folder = self._home / "program"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(Path(__file__).with_name("programs") / "raw", folder)
        runtime = {"name": "python", "options": {"virtualenv": str(ROOT / ".venv")}}
        (folder / "Pulumi.yaml").write_text(json.dumps({"name": "raw", "runtime": runtime}))
        listed = [
            {
                "type": one.type,
                "name": one.name,
                "props": as_json(one.props),
                "protect": one.protect,
                "ignores": one.ignores,
            }
            for one in resources
        ]
        document = {"resources": listed, "outputs": as_json(dict(outputs))}
        (folder / "resources.json").write_text(json.dumps(document))
        return folder

    def deployed(self, stack: str) -> list[str]:
        """The urns in a stack's state, after a run in it."""
        exported = self.cli(self._home / "program", "stack", "export", "--stack", stack).stdout
        return [one["urn"] for one in json.loads(exported)["deployment"].get("resources", [])]

    def set(self, name: str, value: str) -> None:
        """Give the CLI, and the packs it starts, one more variable."""
        self._env[name] = value

    def start_pack(self) -> None:
        """Start the pack as the language host does, and wait for its port."""
        command = [str(ROOT / ".venv" / "bin" / "python"), "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."]
        with subprocess.Popen(command, cwd=ROOT / "policies", env=self._env, stdout=subprocess.PIPE, text=True) as pack:
            assert pack.stdout is not None
            port = pack.stdout.readline()
            pack.terminate()
        assert port.strip().isdigit()

    def cli(self, project: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command of the CLI in a project's folder."""
        return subprocess.run(
            [self._cli, *arguments],
            cwd=project,
            env=self._env,
            check=check,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def _pack(self, config: Mapping[str, Any] | None) -> list[str]:
        arguments = ["--policy-pack", str(ROOT / "policies")]
        if config is not None:
            file = self._home / "config.json"
            file.write_text(json.dumps(config))
            arguments += ["--policy-pack-config", str(file)]
        return arguments


def _findings(events: Path) -> Iterable[dict[str, Any]]:
    if not events.exists():
        return
    for line in events.read_text().splitlines():
        event = json.loads(line)
        if "policyEvent" in event:
            yield event["policyEvent"]
