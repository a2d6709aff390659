"""Runs Python programs and policy packs for a Pulumi CLI that came without a language host.

The official `pulumi-language-python` is not in any package registry, so a CLI built from the Go module proxy has none.
This is the same service (`LanguageRuntime`, on the SDK's own stubs), as far as programs and packs need it: generating
code and projects is left to the official one. docs/decisions/0001 says when it is used.

    language_host.py EXECUTOR ENGINE_ADDRESS

prints the port it serves on, and serves until SIGINT, SIGTERM or the end of the process that started it.
"""

import json
import os
import platform
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent import futures
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import grpc
from google.protobuf.empty_pb2 import Empty
from pulumi.runtime.proto import language_pb2 as language
from pulumi.runtime.proto import plugin_pb2
from pulumi.runtime.proto.language_pb2_grpc import LanguageRuntimeServicer, add_LanguageRuntimeServicer_to_server
from typing_extensions import override

EXIT_AFTER_TELLING_THE_USER = 32  # the executor's code for an error that it has already reported to the engine
PARALLEL_CALLS = 32  # a running program or pack holds one for its whole life
SECONDS_BETWEEN_LOOKS_AT_THE_PARENT = 1.0


class Children:
    """The processes started for the engine. None outlives the call that it was started for."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._cancelled = False

    def start(
        self, command: Sequence[str], folder: str, env: dict[str, str], call: grpc.ServicerContext, *, piped: bool
    ) -> subprocess.Popen[bytes]:
        """Starts `command` in a process group of its own, which dies with `call`.

        Its output goes where the host's goes, which is to the engine, or to pipes if `piped`.

        Raises:
            OSError: the command can't be started.
        """
        output = subprocess.PIPE if piped else None
        child = subprocess.Popen(  # noqa: S603 - what to run is the engine's to say
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        self._running.add(child)
        if not call.add_callback(lambda: self.kill(child)) or self._cancelled:
            self.kill(child)
        return child

    def kill(self, child: subprocess.Popen[bytes]) -> None:
        """Ends a child and all that it started. By SIGKILL: Python answers SIGINT with a traceback."""
        if child in self._running:
            self._running.discard(child)
            os.killpg(child.pid, signal.SIGKILL)

    def wait(self, child: subprocess.Popen[bytes]) -> int:
        """Waits for the end of `child` and returns its exit code, negative when a signal ended it."""
        code = child.wait()
        self._running.discard(child)
        return code

    def kill_all(self) -> None:
        """Ends every child, also one that a call is about to start."""
        self._cancelled = True
        for child in tuple(self._running):
            self.kill(child)


class LanguageHost(LanguageRuntimeServicer):
    """What the engine asks of a language: to run a program or a plugin, and what they need."""

    def __init__(self, executor: str, engine_address: str) -> None:
        self.children = Children()
        self._executor = executor
        self._engine_address = engine_address

    @override
    def Handshake(
        self, request: language.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> language.LanguageHandshakeResponse:
        """Greets the engine."""
        return language.LanguageHandshakeResponse()

    @override
    def GetPluginInfo(self, request: Empty, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """Says which SDK's protocol this host speaks."""
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    @override
    def Run(self, request: language.RunRequest, context: grpc.ServicerContext) -> language.RunResponse:
        """Runs a Pulumi program to its end."""
        python = interpreter(request.info)
        if not python.exists():
            return language.RunResponse(error=no_environment(python))
        command = [str(python), "-u", self._executor, *executor_arguments(request, self._engine_address)]
        env = {**environment_of(python), **configuration(request)}
        child = self.children.start(command, request.info.program_directory, env, context, piped=False)
        code = self.children.wait(child)
        if code in (EXIT_AFTER_TELLING_THE_USER, -signal.SIGKILL):
            return language.RunResponse(bail=True)
        return language.RunResponse(error=f"Program exited with non-zero exit code: {code}" if code else "")

    @override
    def RunPlugin(
        self, request: language.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[language.RunPluginResponse]:
        """Runs a policy pack (`analyzer`) or another plugin in its folder, and passes on what it prints."""
        python = interpreter(request.info)
        if not python.exists():
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, no_environment(python))
        folder = request.info.program_directory
        if request.kind == "analyzer":
            command = [str(python), "-u", "-m", "pulumi.policy", *request.args, folder]
        else:
            command = [str(python), "-u", folder, *request.args]
        env = {**environment_of(python), **dict(pair.split("=", 1) for pair in request.env)}
        child = self.children.start(command, request.pwd or folder, env, context, piped=True)
        yield from output_of(child)
        yield language.RunPluginResponse(exitcode=self.children.wait(child))

    @override
    def GetRequiredPackages(
        self, request: language.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> language.GetRequiredPackagesResponse:
        """Names the provider plugins of the SDKs in the program's environment."""
        packages = [
            plugin_pb2.PackageDependency(kind="resource", name=each.name, version=each.version, server=each.server)
            for each in plugins(request.info)
        ]
        return language.GetRequiredPackagesResponse(packages=packages)

    @override
    def GetRequiredPlugins(
        self, request: language.GetRequiredPluginsRequest, context: grpc.ServicerContext
    ) -> language.GetRequiredPluginsResponse:
        """Names the same plugins for an engine that does not know packages."""
        required = [
            plugin_pb2.PluginDependency(kind="resource", name=each.name, version=each.version, server=each.server)
            for each in plugins(request.info)
        ]
        return language.GetRequiredPluginsResponse(plugins=required)

    @override
    def InstallDependencies(
        self, request: language.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[language.InstallDependenciesResponse]:
        """Checks that the environment is there. `make` builds it, with hashes; nothing else may change it."""
        python = interpreter(request.info)
        if not python.exists():
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, no_environment(python))
        yield language.InstallDependenciesResponse(stdout=f"Using {python}\n".encode())

    @override
    def About(self, request: language.AboutRequest, context: grpc.ServicerContext) -> language.AboutResponse:
        """Says which Python runs the program."""
        return language.AboutResponse(executable=str(interpreter(request.info)), version=platform.python_version())

    @override
    def GetProgramDependencies(
        self, request: language.GetProgramDependenciesRequest, context: grpc.ServicerContext
    ) -> language.GetProgramDependenciesResponse:
        """Lists the packages in the program's environment."""
        found = metadata.distributions(path=site_packages(request.info))
        dependencies = [language.DependencyInfo(name=each.metadata["Name"], version=each.version) for each in found]
        return language.GetProgramDependenciesResponse(dependencies=sorted(dependencies, key=lambda each: each.name))

    @override
    def RuntimeOptionsPrompts(
        self, request: language.RuntimeOptionsRequest, context: grpc.ServicerContext
    ) -> language.RuntimeOptionsResponse:
        """Asks nothing: the project file says it all."""
        return language.RuntimeOptionsResponse()

    @override
    def Cancel(self, request: Empty, context: grpc.ServicerContext) -> Empty:
        """Ends whatever runs. Without it the CLI waits many seconds after a failed preview."""
        self.children.kill_all()
        return Empty()


def interpreter(info: language.ProgramInfo) -> Path:
    """The Python of the project's `virtualenv` option, else the one that runs this host."""
    virtualenv = dict(info.options).get("virtualenv")
    if not virtualenv:
        return Path(sys.executable)
    return Path(os.path.normpath(Path(info.root_directory, str(virtualenv)))) / "bin" / "python"


def no_environment(python: Path) -> str:
    """What to say when the project's virtual environment is missing."""
    return f"the project's virtualenv has no {python}; `make preview` creates it"


def site_packages(info: language.ProgramInfo) -> list[str]:
    """Where the program's environment keeps its packages."""
    return [str(folder) for folder in interpreter(info).parent.parent.glob("lib/python3.*/site-packages")]


class Plugin(NamedTuple):
    """A provider plugin that an SDK is made for. An empty version means the newest, an empty server the default one."""

    name: str
    version: str
    server: str


def plugins(info: language.ProgramInfo) -> list[Plugin]:
    """The provider plugins of the installed SDKs, as these state them."""
    files = (file for folder in site_packages(info) for file in sorted(Path(folder).glob("*/pulumi-plugin.json")))
    stated = [json.loads(file.read_text()) for file in files]
    return [Plugin(each["name"], each.get("version", ""), each.get("server", "")) for each in stated]


def executor_arguments(request: language.RunRequest, engine_address: str) -> list[str]:
    """The command line of `pulumi-language-python-exec`."""
    options = {
        "monitor": request.monitor_address,
        "engine": engine_address,
        "project": request.project,
        "root_directory": request.info.root_directory,
        "stack": request.stack,
        "pwd": request.info.program_directory,
        "dry_run": "true" if request.dryRun else "false",
        "parallel": str(request.parallel),
        "organization": request.organization,
    }
    given = [part for name, value in options.items() if value for part in (f"--{name}", value)]
    return [*given, request.info.entry_point or ".", *request.args]


def configuration(request: language.RunRequest) -> dict[str, str]:
    """The stack's configuration, in the variables that the SDK reads it from."""
    return {
        "PULUMI_CONFIG": json.dumps(dict(request.config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(request.configSecretKeys)),
    }


def environment_of(python: Path) -> dict[str, str]:
    """The host's environment with the program's virtual environment activated."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "VIRTUAL_ENV": str(python.parent.parent)}


def output_of(child: subprocess.Popen[bytes]) -> Iterator[language.RunPluginResponse]:
    """What a piped child prints, as it comes, until it closes both its outputs."""
    with selectors.DefaultSelector() as pipes:
        if child.stdout and child.stderr:
            pipes.register(child.stdout, selectors.EVENT_READ, lambda chunk: language.RunPluginResponse(stdout=chunk))
            pipes.register(child.stderr, selectors.EVENT_READ, lambda chunk: language.RunPluginResponse(stderr=chunk))
        while pipes.get_map():
            for ready, _ in pipes.select():
                if chunk := os.read(ready.fd, 65536):
                    yield ready.data(chunk)
                else:
                    pipes.unregister(ready.fileobj)


def main(executor: str, engine_address: str) -> None:
    """Serves until a signal comes or the parent goes, whichever is first."""
    parent = os.getppid()
    host = LanguageHost(executor, engine_address)

    def leave(_signal: int = 0, _frame: FrameType | None = None) -> None:
        host.children.kill_all()
        os._exit(0)  # gRPC's threads would keep a normal exit waiting

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, leave)
    server = grpc.server(futures.ThreadPoolExecutor(PARALLEL_CALLS), options=[("grpc.max_receive_message_length", -1)])
    add_LanguageRuntimeServicer_to_server(host, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_PARENT)
    leave()


if __name__ == "__main__":
    main(executor=sys.argv[1], engine_address=sys.argv[-1])
